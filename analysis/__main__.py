"""The command line: parses and calls, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from analysis import paths
from analysis.errors import TightropeError

if TYPE_CHECKING:
    from analysis.fetch.summary import FetchSummary

app = typer.Typer(
    name="tightrope",
    help="How a state balances between rival powers: from event and relationship data to HTML and PDF briefings.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_out = Console(highlight=False)
_err = Console(stderr=True, highlight=False)

RawOption = Annotated[Path, typer.Option("--raw", help="Folder of raw files.")]
DataOption = Annotated[Path, typer.Option("--data", help="Folder of built tables.")]


@app.command()
def build(
    raw: RawOption = paths.RAW,
    out: Annotated[Path, typer.Option("--out", help="Folder for the built tables.")] = paths.PROCESSED,
    force: Annotated[bool, typer.Option("--force", help="Build even if nothing has changed.")] = False,
    duplicates: Annotated[
        str, typer.Option("--duplicates", help="Rule for coded events: event, story, one_a_day or none.")
    ] = "event",
    engine: Annotated[str, typer.Option("--engine", help="duckdb, or a cluster as spark://host:port.")] = "duckdb",
    memory_limit: Annotated[str, typer.Option("--memory-limit", help="Most memory for coded events.")] = "1GB",
    spill: Annotated[Path | None, typer.Option("--spill", help="Folder for what does not fit in memory.")] = None,
) -> None:
    """Build the processed tables from the raw files, and the archive from the event files; skips what is unchanged."""
    from analysis import build as steps

    with _progress("building tables") as say:
        made = steps.build(raw, out, force=force, say=say)
    if made.is_fresh:
        _print_counts(made.record["files"])
    _print_review(made.record)
    rows = ", ".join(f"{name} {count}" for name, count in made.record["tables"].items())
    _say(f"{out}: {rows}" if made.is_fresh else f"{out}: unchanged, nothing to do")
    _build_archive(
        raw / paths.EVENT_FILES.name, out / paths.ARCHIVE.name, duplicates, engine, memory_limit, spill, force
    )


def _build_archive(
    folder: Path, out: Path, rule: str, engine: str, memory_limit: str, spill: Path | None, force: bool
) -> None:
    if not folder.is_dir() and not out.is_dir():
        return
    from analysis.archive import build_archive
    from analysis.archive.build import describe_unknown
    from analysis.engine import check_engine, connect

    check_engine(engine, memory_limit)
    with _progress("building the archive") as say:
        made = build_archive(
            folder,
            out,
            lambda: connect(engine, memory_limit=memory_limit, spill=spill),
            rule=rule,
            force=force,
            say=say,
        )
    if made is None:
        return
    counts = made.ledger.count()
    if made.n_read:
        _print_counts(_by_source(counts) if len(counts) > 40 else counts)
    for entry in describe_unknown(made.ledger):
        _say(
            "for review: {source_name} has {system} code {code!r} in {rows} rows, which no table knows".format(**entry)
        )
    kept = sum(count["rows_kept"] for count in counts)
    _say(f"{out}: {kept} coded events; {made.n_read} event files read, {made.n_known} unchanged")


def _by_source(counts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The counts of many files, summed by their source."""
    summed: dict[str, dict[str, Any]] = {}
    for count in counts:
        source = count["source_name"]
        row = summed.setdefault(source, {"file": source, "n_files": 0})
        row["n_files"] += 1
        for name in ("rows_read", "rows_kept", "rows_merged", "rows_rejected"):
            row[name] = row.get(name, 0) + count[name]
    return [{**row, "file": f"{row['file']} ({row['n_files']} files)"} for row in summed.values()]


@app.command()
def check(raw: RawOption = paths.RAW) -> None:
    """Validate the raw files; writes nothing, prints what would be rejected and why."""
    from analysis import build as steps

    with _progress("checking raw files") as say:
        made = steps.clean(raw, say=say)
    _print_counts(made.record["files"])
    _print_review(made.record)
    for row in made.tables["rejects"].itertuples():
        _say(f"{row.file} line {row.line}: {row.reason}")
    _say(f"{raw}: {len(made.record['files'])} files, {made.record['tables']['rejects']} rows would be rejected")


@app.command()
def brief(
    name: Annotated[str | None, typer.Argument(help="A briefing of notebooks/briefings.toml.")] = None,
    state: Annotated[str | None, typer.Option(help="State, by name or ISO 3166 code.")] = None,
    powers: Annotated[str | None, typer.Option(help="Two or more powers, joined by commas.")] = None,
    start: Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD.")] = None,
    end: Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD; the report is filed under it.")] = None,
    language: Annotated[str | None, typer.Option(help="Language of the report.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Any other parameter of the notebook.")
    ] = None,
    reports: Annotated[Path, typer.Option(help="Folder to publish in.")] = paths.REPORTS,
    data: DataOption = paths.PROCESSED,
) -> None:
    """Make one briefing: run its notebook, export HTML and PDF, publish."""
    from analysis.reporting.kernel import WaitingKernel

    given = {"state": state, "powers": powers, "start": start, "end": end, "language": language}
    overrides: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    overrides |= dict(_setting(text) for text in settings or [])
    with _progress("briefing") as say, WaitingKernel(data) as kernel:
        from analysis.reporting.brief import make_briefing
        from analysis.reporting.parameters import choose_briefing

        folder = make_briefing(choose_briefing(name, overrides), reports=reports, data=data, kernel=kernel, say=say)
    for path in sorted(folder.glob("briefing.*")):
        _say(str(path))


@app.command()
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

    with show_progress(_err) as progress:
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


def main() -> None:
    """Run the command line; an error a user can act on is printed without a traceback."""
    try:
        app()
    except TightropeError as error:
        _err.print(f"[red]error:[/red] {escape(str(error))}", soft_wrap=True)
        raise SystemExit(1) from None


def _say(text: str) -> None:
    _out.print(escape(text), soft_wrap=True)


@contextmanager
def _progress(title: str) -> Iterator[Any]:
    """Tells of steps: one live line on a terminal, plain lines otherwise."""
    if _err.is_terminal:
        with _err.status(title) as status:
            yield lambda step: status.update(escape(f"{title}: {step}"))
    else:
        yield lambda step: _err.print(escape(f"{title}: {step}"), soft_wrap=True)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise TightropeError(f"--set {text!r}; write it as NAME=VALUE")
    return name, value


def _print_counts(files: list[dict[str, Any]]) -> None:
    table = Table("file", box=None, pad_edge=False)
    for column in ("read", "kept", "merged", "rejected"):
        table.add_column(column, justify="right")
    columns = ("rows_read", "rows_kept", "rows_merged", "rows_rejected")
    for counts in files:
        table.add_row(escape(counts["file"]), *(str(counts[column]) for column in columns))
    table.add_row("all files", *(str(sum(counts[column] for counts in files)) for column in columns), style="bold")
    _out.print(table)


def _print_review(record: dict[str, Any]) -> None:
    for name, entry in record.get("unlisted", {}).items():
        _err.print(f"[yellow]warning:[/yellow] {escape(name)} is not listed in {paths.SOURCES_TOML}; add and fill in:")
        _err.print(escape(entry), soft_wrap=True)
    review = record["for_review"]
    for kept, merged in review.get("merges_without_events", []):
        _say(f"for review: event_merges.csv merges {merged} into {kept}, but both are not among the events")
    for event_id in review.get("events_without_judgement", []):
        _say(f"for review: {event_id} has no judgement in tie_effects.csv; its weight is derived from its PLOVER type")
    for first, second in review.get("possible_duplicates", []):
        _say(f"for review: {first} and {second} may tell of the same happening; decide in event_merges.csv")


def _print_fetched(done: FetchSummary) -> None:
    for note in done.notes:
        _say(f"note: {note}")
    if done.is_dry_run:
        for remote in done.new:
            _say(f"{remote.name}  {'size not published' if remote.size is None else f'{remote.size:,} bytes'}")
    for refusal in done.failed:
        _err.print(f"[red]failed:[/red] {escape(refusal.name)}: {escape(refusal.reason)}", soft_wrap=True)
    verb = "to fetch" if done.is_dry_run else "new"
    _say(
        f"{done.folder}: {len(done.new)} {verb} ({done.size:,} bytes), {len(done.present)} already there, "
        f"{len(done.failed)} failed, {done.transferred:,} bytes transferred"
    )


if __name__ == "__main__":
    main()
