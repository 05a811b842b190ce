"""`reports/index.html`: every report with its day, key numbers, state and what changed; static, and works from disk.

Briefings of `briefings.toml` of which there is no report yet are listed too, and whether the last batch ran to its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import TightropeError
from analysis.language import message, say, say_number
from analysis.own import replace_file
from analysis.paths import BRIEFINGS_TOML, MANIFEST_JSON, NOTEBOOKS
from analysis.reporting.days import list_days
from analysis.reporting.entries import read_briefings
from analysis.reporting.failure import FAILED_PAGE
from analysis.reporting.freshness import check_freshness
from analysis.reporting.inputs import Snapshot
from analysis.reporting.manifest_form import read_manifest
from analysis.reporting.pages import MASTHEAD, render_page
from analysis.reporting.parameters import Briefing, is_name, name_report
from analysis.reporting.unbegun import Unbegun, read_unbegun
from analysis.wording import format_day

INDEX = "index.html"
_STATES = {
    "failed": message("failed"),
    "stale": message("stale"),
    "fresh": message("fresh"),
    "unchanged": message("unchanged"),
    "unmade": message("not made yet"),
}
_TITLES = {
    "failed": message("The last run failed; what is shown is the last good report."),
    "stale": message("Something that it rests on has changed since it was made."),
    "fresh": message("Made by the last run."),
    "unchanged": message("Nothing that it rests on has changed since it was made."),
    "unmade": message("No report of this name has been published yet."),
}
_COMPARED = ("new", "revised", "gone", "numbers")


@dataclass(frozen=True)
class Entry:
    """One report as the index shows it."""

    name: str
    title: str
    language: str
    day: str
    as_of: str
    state: str
    state_label: str
    why: str
    is_by_hand: bool
    thumbnail: str
    facts: tuple[tuple[str, str, str], ...]
    changes: str
    moved: str
    links: tuple[tuple[str, str], ...]
    earlier: tuple[str, ...]


def write_index(
    reports: Path,
    snapshot: Snapshot | None,
    made: Collection[str] = (),
    notebooks: Path = NOTEBOOKS,
    briefings: Sequence[Briefing] = (),
) -> Path:
    """Write the index of all reports, by one rename.

    Parameters
    ----------
    reports : Path
        Folder of published reports.
    snapshot : Snapshot or None
        The built tables, code and libraries, by which a report is known to be stale; None where no tables are built.
    made : collection of str
        Names of the reports that the last run made.
    notebooks : Path
        Folder of notebooks.
    briefings : sequence of Briefing
        Those of `briefings.toml`, listed whether or not there is a report.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    TightropeError
        If a page of somebody else's stands in its place.
    OSError
        If the folder cannot be written.
    """
    path = reports / INDEX
    standing = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
    if standing and MASTHEAD not in standing:
        raise TightropeError(f"{str(path)!r} is no index of reports, and would be replaced; move it away")
    replace_file(path, render_index(list_entries(reports, snapshot, made, notebooks, briefings), read_unbegun(reports)))
    return path


def renew_index(
    reports: Path,
    data: Path,
    made: Collection[str] = (),
    notebooks: Path = NOTEBOOKS,
    warn: Callable[[str], None] = lambda _: None,
) -> None:
    """Write the index after a run, where there is anything to list; what a run has to say goes before a fault of it."""
    if not _find_homes(reports) and not read_unbegun(reports):
        return
    snapshot, briefings = None, []
    with suppress(OSError, TightropeError):
        snapshot = Snapshot(data)
    with suppress(TightropeError):
        briefings = read_briefings(notebooks)
    try:
        write_index(reports, snapshot, made, notebooks, briefings)
    except (OSError, TightropeError) as error:
        warn(f"the index of reports was not renewed: {error}")


def list_entries(
    reports: Path,
    snapshot: Snapshot | None,
    made: Collection[str] = (),
    notebooks: Path = NOTEBOOKS,
    briefings: Sequence[Briefing] = (),
) -> list[Entry]:
    """Every report of a folder, published or failed, and every briefing that was never made, by name."""
    homes = {home.name: home for home in _find_homes(reports)}
    known = set(map(name_report, briefings))
    homes |= {name: reports / name for name in known if name not in homes and is_name(name)}
    by_hand = homes.keys() - known if known else set()  # where none is known it cannot be told
    return [_read_entry(homes[name], snapshot, name in made, notebooks, name in by_hand) for name in sorted(homes)]


def _find_homes(reports: Path) -> list[Path]:
    # Any other name was not given by a run, and would stand in links.
    homes = (home for home in sorted(reports.glob("*")) if is_name(home.name))
    return [home for home in homes if list_days(home) or _has_failed(home)]


def _has_failed(home: Path) -> bool:
    return not home.is_symlink() and (home / FAILED_PAGE).is_file()


def render_index(entries: list[Entry], unbegun: Unbegun | None = None) -> str:
    """The index as HTML.

    Examples
    --------
    >>> "No report has been published yet." in render_index([])
    True
    """
    counts = Counter(entry.state for entry in entries)
    return render_page(
        "index.html.j2",
        "index.css",
        title=say("Reports"),
        summary=say_number(
            len(entries),
            "{n} report: {states}",
            "{n} reports: {states}",
            states=", ".join(f"{counts[state]} {say(label)}" for state, label in _STATES.items() if counts[state]),
        )
        if entries
        else say("No report has been published yet."),
        entries=entries,
        as_of=say("As of"),
        earlier=say("Earlier reports"),
        by_hand=say("made by hand alone: {file} does not name it", file=BRIEFINGS_TOML),
        first_figure=message("First figure of {title}"),
        notice=say(
            "The last batch did not run to its end, the first time at {time}:",
            time=f"{unbegun.since:%Y-%m-%d %H:%M %z}",
        )
        if unbegun
        else "",
        error=unbegun.error if unbegun else "",
        failed_page=FAILED_PAGE,
        what_failed=say("What failed"),
        say=say,
    )


def _read_entry(home: Path, snapshot: Snapshot | None, is_made: bool, notebooks: Path, is_by_hand: bool) -> Entry:
    days = list_days(home)
    manifest = _read_manifest(home / days[-1]) if days else {}
    state, why = _find_state(home, manifest, snapshot, is_made, notebooks)
    as_of = days[-1] if days else ""
    changes = manifest.get("changes") or {}
    figures = [f"figures/{name}.svg" for name in manifest.get("figures", ())]
    shown = next((name for name in figures if name in manifest.get("outputs", {})), None)
    return Entry(
        name=home.name,
        title=manifest.get("title") or home.name,
        language=manifest.get("language") or "en",
        day=format_day(pd.Timestamp(as_of)) if as_of else "",
        as_of=as_of,
        state=state,
        state_label=say(_STATES[state]),
        why=why,
        is_by_hand=is_by_hand,
        thumbnail=f"{home.name}/{as_of}/{shown}" if shown else "",
        facts=tuple((label, value, note) for label, value, note in manifest.get("facts", ())),
        changes=" ".join(_tell_changes(changes, as_of)),
        moved=" ".join(changes.get("moved", ())),
        links=tuple(_list_links(home, as_of, manifest)),
        earlier=tuple(reversed(days[:-1])),
    )


def _read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a report; empty if it is none, or would have us read a file that is none of the notebooks."""
    manifest = read_manifest(folder) or {}
    notebook = _name_notebook(manifest)
    return manifest if Path(notebook).name == notebook else {}


def _name_notebook(manifest: Mapping[str, Any]) -> str:
    return next(iter(manifest.get("inputs", {}).get("notebook", {})), "")


def _find_state(
    home: Path, manifest: Mapping[str, Any], snapshot: Snapshot | None, is_made: bool, notebooks: Path
) -> tuple[str, str]:
    if _has_failed(home):
        return "failed", say(_TITLES["failed"] if manifest else _TITLES["unmade"])
    if not list_days(home):
        return "unmade", say(_TITLES["unmade"])
    if not manifest:
        return "stale", say("Its manifest cannot be read.")
    if snapshot is None:
        return "stale", say("There are no built tables to compare it with.")
    notebook = _name_notebook(manifest)
    reasons = check_freshness(
        Briefing(home.name, notebooks / notebook, manifest.get("parameters", {})), home.parent, snapshot
    ).reasons
    if reasons:
        return "stale", "; ".join(reasons)
    state = "fresh" if is_made else "unchanged"
    return state, say(_TITLES[state])


def _tell_changes(changes: Mapping[str, Any], as_of: str) -> Iterator[str]:
    """What changed, in a line; nothing where an edition of the same day did not."""
    if not changes or (changes["since"] == as_of and not any(changes[name] for name in _COMPARED)):
        return
    found = [
        say_number(len(changes["new"]), "{n} new event", "{n} new events") if changes["new"] else "",
        say_number(len(changes["revised"]), "{n} revised", "{n} revised") if changes["revised"] else "",
        say_number(len(changes["gone"]), "{n} gone", "{n} gone") if changes["gone"] else "",
    ]
    told = ", ".join(filter(None, found)) or say("no event new or revised")
    if changes["since"] == as_of:
        yield say("Since the last edition: {changes}.", changes=told)
    else:
        yield say("Since {day}: {changes}.", day=format_day(pd.Timestamp(changes["since"])), changes=told)


def _list_links(home: Path, as_of: str, manifest: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if manifest:
        folder = f"{home.name}/{as_of}"
        yield f"{folder}/briefing.html", "HTML"
        yield f"{folder}/briefing.pdf", "PDF"
        yield f"{folder}/{MANIFEST_JSON}", say("Manifest")
    if _has_failed(home):
        yield f"{home.name}/{FAILED_PAGE}", say("What failed")
