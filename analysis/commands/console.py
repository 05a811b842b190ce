"""What the commands share: options, the two consoles, progress, and tables of counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from analysis import paths
from analysis.terminal import shown

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)

RawOption = Annotated[Path, typer.Option("--raw", help="Folder of raw files.")]
DataOption = Annotated[Path, typer.Option("--data", help="Folder of built tables.")]
ReportsOption = Annotated[Path, typer.Option("--reports", help="Folder to publish in.")]


def tell(text: str) -> None:
    """Print text as it is: nothing in it is markup, and the terminal wraps it."""
    OUT.print(shown(text), soft_wrap=True)


def warn(text: str) -> None:
    """Print a warning, as it is."""
    ERR.print(f"[yellow]warning:[/yellow] {shown(text)}", soft_wrap=True)


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
        ERR.print(shown(entry), soft_wrap=True)
    review = record["for_review"]
    for kept, merged in review.get("merges_without_events", []):
        tell(f"for review: event_merges.csv merges {merged} into {kept}, but both are not among the events")
    for event_id in review.get("events_without_judgement", []):
        tell(f"for review: {event_id} has no judgement in tie_effects.csv; its weight is derived from its PLOVER type")
    for claim_id in review.get("claims_without_value", []):
        tell(f"for review: claim {claim_id} has no normalised value; add a row to claim_values.csv")
    for outlet in review.get("outlets_without_grade", []):
        tell(f"for review: outlet {outlet!r} has no grade; add a row to outlets.csv")
    for first, second in review.get("possible_duplicates", []):
        tell(f"for review: {first} and {second} may tell of the same happening; decide in event_merges.csv")
