"""`tightrope verify`: whether a report is what it says it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis import paths
from analysis.commands.console import DataOption, RawOption, ReportsOption, show_progress, tell


def verify(
    report: Annotated[
        str, typer.Argument(help="Folder of a report, or the name of one in the reports folder: its newest day.")
    ],
    remake: Annotated[bool, typer.Option("--remake/--no-remake", help="Make it again and compare every file.")] = True,
    reports: ReportsOption = paths.REPORTS,
    raw: RawOption = paths.RAW,
    data: DataOption = paths.PROCESSED,
    notebooks: Annotated[Path, typer.Option("--notebooks", help="Folder of notebooks.")] = paths.NOTEBOOKS,
) -> None:
    """Hash everything a report holds and was made of, make it again, and say what differs; 1 if anything does."""
    from analysis.reporting.verify import find_report, verify_report

    folder = find_report(report, reports)
    with show_progress("verifying") as say:
        done = verify_report(folder, data=data, raw=raw, notebooks=notebooks, is_remade=remake, say=say)
    for difference in done.differences:
        tell(difference)
    made = f", {done.n_remade} made again" if remake else ""
    result = f"{len(done.differences)} differences" if done.differences else "nothing differs"
    tell(f"{folder}: {done.n_outputs} outputs and {done.n_inputs} raw files hashed{made}: {result}")
    if done.differences:
        raise typer.Exit(1)
