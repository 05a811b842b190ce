"""`tightrope schedule`: what makes a machine run the due briefings by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis import paths
from analysis.commands.console import DataOption, RawOption, ReportsOption, tell, tell_lines
from analysis.errors import TightropeError


def schedule(
    install: Annotated[bool, typer.Option("--install", help="Install it; choose --systemd or --cron.")] = False,
    systemd: Annotated[bool, typer.Option("--systemd", help="The systemd user timer alone.")] = False,
    cron: Annotated[bool, typer.Option("--cron", help="The crontab line alone.")] = False,
    workflow: Annotated[bool, typer.Option("--workflow", help="The GitHub Actions workflow alone.")] = False,
    raw: RawOption = paths.RAW,
    data: DataOption = paths.PROCESSED,
    reports: ReportsOption = paths.REPORTS,
    notebooks: Annotated[
        Path, typer.Option("--notebooks", help="Folder of notebooks and briefings.toml.")
    ] = paths.NOTEBOOKS,
) -> None:
    """Print, or install, a systemd timer or a crontab line that makes what is due; print a GitHub Actions workflow."""
    from analysis.reporting import units
    from analysis.reporting.install import due_command, folders_of_clone, install_crontab, install_systemd
    from analysis.reporting.schedule import read_watches

    crons = [watch.cron for watch in read_watches(notebooks).values() if watch.cron]
    if not crons:
        raise TightropeError(
            f'no entry of {paths.BRIEFINGS_TOML} is ever due; add cron = "0 5 * * *" to one, or above all of them'
        )
    folders = {"reports": reports, "notebooks": notebooks, "raw": raw, "data": data}
    command, name = due_command(**folders), units.name_schedule(paths.PROJECT, notebooks)
    if install:
        if systemd == cron:
            raise TightropeError("--install needs one of --systemd and --cron")
        install_it = install_systemd if systemd else install_crontab
        for line in install_it(command, paths.PROJECT, name):
            tell(line)
        return
    is_all = not (systemd or cron or workflow)
    if systemd or is_all:
        home = f"# ~/.config/systemd/user/{name}"
        tell_lines(f"{home}.service\n{units.write_service(command, paths.PROJECT)}")
        tell_lines(f"{home}.timer\n{units.write_timer(paths.PROJECT)}")
    if cron or is_all:
        tell_lines(f"# a line of the crontab (crontab -e)\n{units.write_crontab_line(command, paths.PROJECT, name)}\n")
    if workflow or is_all:
        text = units.write_workflow(crons, *folders_of_clone(**folders))
        tell_lines(f"# .github/workflows/briefings.yml, times in UTC\n{text}")
