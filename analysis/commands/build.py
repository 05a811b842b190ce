"""`tightrope build`: raw files to tables, event files to the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from analysis import paths
from analysis.commands.console import RawOption, print_counts, print_review, show_progress, tell, warn

_SHOWN = 10


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

    with show_progress("building tables") as say:
        made = steps.build(raw, out, force=force, say=say)
    if made.is_fresh:
        print_counts(made.record["files"])
    print_review(made.record)
    rows = ", ".join(f"{name} {count}" for name, count in made.record["tables"].items())
    tell(f"{out}: {rows}" if made.is_fresh else f"{out}: unchanged, nothing to do")
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
    from analysis.sources.events.files import SUFFIXES, list_left_out

    check_engine(engine, memory_limit)
    if left_out := list_left_out(folder):
        shown = ", ".join(left_out[:_SHOWN]) + (f" and {len(left_out) - _SHOWN} more" if len(left_out) > _SHOWN else "")
        warn(f"not read: {shown}; the name of an event file ends in {', '.join(SUFFIXES)}")
    with show_progress("building the archive") as say:
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
        print_counts(_by_source(counts) if len(counts) > 40 else counts)
    for entry in describe_unknown(made.ledger):
        tell(
            "for review: {source_name} has {system} code {code!r} in {rows} rows, which no table knows".format(**entry)
        )
    kept = sum(count["rows_kept"] for count in counts)
    tell(f"{out}: {kept} coded events; {made.n_read} event files read, {made.n_known} unchanged")


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
