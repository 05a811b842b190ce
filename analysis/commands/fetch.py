"""`tightrope fetch`: published event files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis import paths
from analysis.commands.console import ERR, tell
from analysis.terminal import shown

if TYPE_CHECKING:
    from analysis.fetch.summary import FetchSummary


def fetch(
    source: Annotated[str, typer.Argument(help="gdelt1, gdelt2, ucdp, icews, polecat, dataverse or acled.")],
    start: Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD.")] = None,
    end: Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD.")] = None,
    doi: Annotated[str | None, typer.Option(help="Dataset of a Dataverse.")] = None,
    version: Annotated[str | None, typer.Option(help="Version of UCDP GED or of a dataset.")] = None,
    only: Annotated[str | None, typer.Option(help="Pattern of file names of a dataset.")] = None,
    form: Annotated[str | None, typer.Option(help="Ingested tables of a Dataverse: original or archival.")] = None,
    translingual: Annotated[bool, typer.Option("--translingual", help="GDELT's translated news too.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would be fetched; write nothing.")] = False,
    workers: Annotated[int, typer.Option(help="Files fetched at a time, 1 to 8.")] = 4,
    base: Annotated[str | None, typer.Option(help="Address of a mirror.")] = None,
    files: Annotated[Path, typer.Option("--files", help="Folder of event files.")] = paths.EVENT_FILES,
) -> None:
    """Fetch published event files: resumed, verified, never the same one twice."""
    from analysis.fetch.progress import show_progress
    from analysis.fetch.run import fetch as fetch_files

    with show_progress(ERR) as progress:
        done = fetch_files(
            source,
            files,
            start=start,
            end=end,
            doi=doi,
            version=version,
            only=only,
            form=form,
            translingual=translingual,
            dry_run=dry_run,
            workers=workers,
            base=base,
            progress=progress,
        )
    _print_fetched(done)
    if not done.is_complete:
        raise typer.Exit(1)


def _print_fetched(done: FetchSummary) -> None:
    for note in done.notes:
        tell(f"note: {note}")
    if done.is_dry_run:
        for remote in done.new:
            tell(f"{remote.name}  {'size not published' if remote.size is None else f'{remote.size:,} bytes'}")
    for refusal in done.failed:
        ERR.print(f"[red]failed:[/red] {shown(refusal.name)}: {shown(refusal.reason)}", soft_wrap=True)
    verb = "to fetch" if done.is_dry_run else "new"
    tell(
        f"{done.folder}: {len(done.new)} {verb} ({done.size:,} bytes), {len(done.present)} already there, "
        f"{len(done.failed)} failed, {done.transferred:,} bytes transferred"
    )
