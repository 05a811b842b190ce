"""`tightrope check`: what a build would reject."""

from __future__ import annotations

from analysis import paths
from analysis.commands.console import RawOption, print_counts, print_review, show_progress, tell


def check(raw: RawOption = paths.RAW) -> None:
    """Validate the raw files; writes nothing, prints what would be rejected and why."""
    from analysis import build as steps

    with show_progress("checking raw files") as say:
        made = steps.clean(raw, say=say)
    print_counts(made.record["files"])
    print_review(made.record)
    for row in made.tables["rejects"].itertuples():
        tell(f"{row.file} line {row.line}: {row.reason}")
    tell(f"{raw}: {len(made.record['files'])} files, {made.record['tables']['rejects']} rows would be rejected")
