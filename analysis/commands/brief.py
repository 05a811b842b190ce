"""`tightrope brief`: one briefing."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from analysis import paths
from analysis.commands.console import (
    USUAL_FILE_LIMIT,
    DataOption,
    FileLimitOption,
    ReportsOption,
    show_progress,
    tell,
    warn,
)
from analysis.errors import TightropeError


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
    keep: Annotated[
        int | None, typer.Option(min=1, help="How many days of this report to keep; all by default.")
    ] = None,
    file_limit: FileLimitOption = USUAL_FILE_LIMIT,
    reports: ReportsOption = paths.REPORTS,
    data: DataOption = paths.PROCESSED,
) -> None:
    """Make one briefing: run its notebook, export HTML and PDF, publish."""
    from analysis.reporting.kernel import WaitingKernel

    given = {"state": state, "powers": powers, "start": start, "end": end, "language": language}
    overrides: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    overrides |= dict(_setting(text) for text in settings or [])
    with show_progress("briefing") as say, WaitingKernel(data) as kernel:
        from analysis.reporting.brief import make_briefing
        from analysis.reporting.entries import choose_briefing
        from analysis.reporting.index import renew_index
        from analysis.reporting.limits import Limits, read_memory

        limits = Limits(file_bytes=read_memory(file_limit, "file limit"))
        made: set[str] = set()
        try:
            folder = make_briefing(
                choose_briefing(name, overrides),
                reports=reports,
                data=data,
                kernel=kernel,
                limits=limits,
                keep=keep,
                say=say,
            )
            made = {folder.parent.name}
        finally:
            renew_index(reports, data, made, warn=warn)
    for path in sorted(folder.glob("briefing.*")):
        tell(str(path))


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise TightropeError(f"--set {text!r}; write it as NAME=VALUE")
    return name, value
