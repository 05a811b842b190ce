"""What the commands share: options, the two consoles, progress, and tables of counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from analysis import paths
from analysis.reporting.limits import MOST_FILE_BYTES, write_memory
from analysis.terminal import shown, shown_lines

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)

RawOption = Annotated[Path, typer.Option("--raw", help="Folder of raw files.")]
DataOption = Annotated[Path, typer.Option("--data", help="Folder of built tables.")]
ReportsOption = Annotated[Path, typer.Option("--reports", help="Folder to publish in.")]
USUAL_FILE_LIMIT = write_memory(MOST_FILE_BYTES)
FileLimitOption = Annotated[
    str, typer.Option("--file-limit", help="Largest file of a report, and most that its cells put out.")
]

SHOWN_FOR_REVIEW = 20
"""How many of a kind are listed for review; build.json holds all."""


def tell(text: str) -> None:
    """Print text as it is, in one line: nothing in it is markup, and the terminal wraps it."""
    OUT.print(shown(text), soft_wrap=True)


def tell_lines(text: str) -> None:
    """Print lines of our own, to be copied."""
    OUT.print(shown_lines(text, indent=""), soft_wrap=True)


def warn(text: str) -> None:
    """Print a warning, as it is."""
    ERR.print(f"[yellow]warning:[/yellow] {shown_lines(text)}", soft_wrap=True)


@contextmanager
def show_progress(title: str) -> Iterator[Any]:
    """Tells of steps: one live line on a terminal, plain lines otherwise."""
    if ERR.is_terminal:
        with ERR.status(title) as status:
            yield lambda step: status.update(shown(f"{title}: {step}"))
    else:
        yield lambda step: ERR.print(shown(f"{title}: {step}"), soft_wrap=True)


def print_counts(files: list[dict[str, Any]]) -> None:
    """The rows of each file that were read, kept, merged and rejected, and their sums."""
    table = Table("file", box=None, pad_edge=False)
    for column in ("read", "kept", "merged", "rejected"):
        table.add_column(column, justify="right")
    columns = ("rows_read", "rows_kept", "rows_merged", "rows_rejected")
    for counts in files:
        table.add_row(shown(counts["file"]), *(str(counts[column]) for column in columns))
    table.add_row("all files", *(str(sum(counts[column] for counts in files)) for column in columns), style="bold")
    OUT.print(table)


def print_review(record: dict[str, Any]) -> None:
    """What a build leaves to a person's judgement."""
    for name, entry in record.get("unlisted", {}).items():
        ERR.print(f"[yellow]warning:[/yellow] {shown(name)} is not listed in {paths.SOURCES_TOML}; add and fill in:")
        ERR.print(shown_lines(entry, indent=""), soft_wrap=True)
    for kind, write in _REVIEWS.items():
        waiting = record["for_review"].get(kind, [])
        for entry in waiting[:SHOWN_FOR_REVIEW]:
            tell(f"for review: {write(entry)}")
        if len(waiting) > SHOWN_FOR_REVIEW:
            tell(
                f"for review: {len(waiting) - SHOWN_FOR_REVIEW} more such; all are listed in {paths.BUILD_JSON}, {kind}"
            )


_REVIEWS: dict[str, Callable[[Any], str]] = {
    "merges_without_events": "event_merges.csv merges {0[1]} into {0[0]}, but both are not among the events".format,
    "events_without_judgement": (
        "{0} has no judgement in tie_effects.csv; its weight is derived from its PLOVER type".format
    ),
    "claims_without_value": "claim {0} has no normalised value; add a row to claim_values.csv".format,
    "outlets_without_grade": "outlet {0!r} has no grade; add a row to outlets.csv".format,
    "possible_duplicates": "{0[0]} and {0[1]} may tell of the same happening; decide in event_merges.csv".format,
}
