"""A reader's own events, for a session: read and cleaned as the build does, joined to the evidence, kept nowhere."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import reference
from analysis.briefing.evidence import Evidence
from analysis.briefing.selection import Question, select_rows
from analysis.briefing.sides import tell_tilt
from analysis.briefing.wording import name_of, spoken
from analysis.cleaning.duplicates import find_duplicates
from analysis.cleaning.dyads import DERIVED_TO_EFFECT, clean_judgements, derive_dyads
from analysis.cleaning.events import clean_events
from analysis.errors import TightropeError
from analysis.exhibit import Exhibit, show_table
from analysis.figures.wording import chain
from analysis.language import message, say, say_data
from analysis.measures import create_engagements, tilt
from analysis.paths import NOTEBOOKS
from analysis.reference.actors import actors_table, resolve_actor
from analysis.reference.plover import plover_table
from analysis.schema import TABLES
from analysis.schema.rows import each_row
from analysis.sources.catalogue import sha256_of
from analysis.sources.curated import RawFile, read_curated
from analysis.wording import count, format_number, format_period, join

_EVENTS, _JUDGEMENTS = "events", "tie_effects"
_ADDED = message("added")
_UNSEEN = message("not seen by this question")
_ALIKE = message("added; may tell what {event_ids} tells")
_WEIGHT = message("{one:bare} and {other:bare} {weight}")
_DERIVED = message("{one:bare} and {other:bare} {weight} (derived)")
_UNKNOWN = message("{one:bare} and {other:bare} not known")
_CAPTION = message(
    "{added} of {read} of {file} added for this session, {rejected} rejected. Without a judgement an event takes "
    "{share} times the mean Goldstein score of its type as its weight (derived)."
)


@dataclass(frozen=True)
class OwnEvents:
    """Events of a file that is not among the raw files.

    ``tables`` holds `events`, `event_actors`, `event_sources` and `dyad_events` as the build makes them, ``rejects``
    the rows that could not stand (``file, line, reason, raw``), ``files`` what was read of each file.
    """

    name: str
    tables: dict[str, pd.DataFrame]
    rejects: pd.DataFrame
    files: list[dict[str, Any]]


def read_own_events(path: Path | str, judgements: Path | str | None = None) -> OwnEvents:
    """Read own events as the build reads the raw files: known by their columns, cleaned by the same rules.

    Parameters
    ----------
    path : Path
        A CSV file with the columns of `data/raw/togo_events.csv`; a relative one is looked for here, then beside the
        notebooks.
    judgements : Path, optional
        A CSV file with the columns of `data/raw/tie_effects.csv`; an event without a row there takes its weight from
        its PLOVER type.

    Raises
    ------
    TightropeError
        If a file is missing, is no UTF-8 CSV file, or has the columns of another layout. A row that cannot stand
        raises nothing: it is among the rejects with its reason.
    """
    file = _read(path, _EVENTS)
    cleaned = clean_events([file.rows], resolve_actor, plover_table(), "own")
    tables, rejects = dict(cleaned.tables), [*file.malformed, *cleaned.rejects]
    kept, read = {file.name: len(tables["events"])}, [(file, _locate(path))]
    judged = TABLES["dyad_events"].frame([])
    if judgements is not None:
        given = _read(judgements, _JUDGEMENTS)
        found = clean_judgements(given.rows, tables["events"], tables["event_actors"], resolve_actor)
        judged = found.tables["dyad_events"]
        rejects += [*given.malformed, *found.rejects]
        read.append((given, _locate(judgements)))
        kept[given.name] = len(judged)
    derived = derive_dyads(tables["events"], tables["event_actors"], judged, actors_table(), reference.load("roles"))
    tables["dyad_events"] = TABLES["dyad_events"].frame(pd.concat([judged, derived], ignore_index=True))
    files = [
        {
            "file": one.name, "sha256": sha256_of(place), "rows_read": one.n_read, "rows_kept": kept[one.name],
            "rows_merged": 0, "rows_rejected": one.n_read - kept[one.name],
        }
        for one, place in read
    ]  # fmt: skip
    return OwnEvents(file.name, tables, TABLES["rejects"].frame(rejects), files)


def add_own_events(evidence: Evidence, own: OwnEvents) -> Evidence:
    """Join own events to the evidence, as far as its question can see them; the evidence given stays as it is.

    Parameters
    ----------
    evidence : Evidence
        From :func:`~analysis.briefing.evidence.load_evidence`.
    own : OwnEvents
        From :func:`read_own_events`.

    Returns
    -------
    Evidence
        New, its engagements made anew, its record naming the files and a hash of its own.

    Raises
    ------
    TightropeError
        If an event has the identifier of one that is there already.
    """
    repeated = sorted(set(own.tables["events"]["event_id"]) & set(evidence.events["event_id"]))
    if repeated:
        raise TightropeError(f"{own.name}: events of these identifiers are there already: {', '.join(repeated)}")
    chosen = _select(evidence, own)
    joined = {name: pd.concat([getattr(evidence, name), frame], ignore_index=True) for name, frame in chosen.items()}
    made = sha256("".join([evidence.record["inputs"], *(file["sha256"] for file in own.files)]).encode()).hexdigest()
    return replace(
        evidence,
        **{field.name: joined[field.name] for field in fields(evidence) if field.name in joined},
        engagements=create_engagements(
            joined["dyad_events"], joined["events"], evidence.state, list(evidence.powers), evidence.start, evidence.end
        ),
        record={**evidence.record, "inputs": made, "files": [*evidence.record["files"], *own.files]},
    )


@spoken
def table_own_events(evidence: Evidence, own: OwnEvents) -> Exhibit:
    """Every row of the own files with what became of it, the rejected with their reasons.

    An event that is much like one of the evidence is told with its identifier: both would count.
    """
    seen = set(_select(evidence, own)["events"]["event_id"])
    alike = _find_alike(evidence, own)
    rows = []
    for event in each_row(own.tables["events"]):
        outcome = say(_UNSEEN) if event.event_id not in seen else say(_ADDED)
        if event.event_id in seen and event.event_id in alike:
            outcome = say(_ALIKE, event_ids=join(alike[event.event_id]))
        when = format_period(event.date_start, event.date_end, event.date_precision)
        rows.append((event.file, event.line, event.event_id, when, _weights(evidence, own, event.event_id), outcome))
    rows += [(row.file, row.line, "", "", "", say_data(row.reason)) for row in each_row(own.rejects)]
    data = pd.DataFrame(rows, columns=["file", "line", "event_id", "when", "weight", "outcome"])
    data = data.sort_values(["file", "line"], ignore_index=True)
    heads = [say("File"), say("Line"), say("Event"), say("When"), say("Effect points"), say("What became of it")]
    caption = say(
        _CAPTION, file=own.name, added=count(len(seen), "event", "events"),
        read=count(own.files[0]["rows_read"], "row", "rows"), rejected=count(len(own.rejects), "row", "rows"),
        share=format_number(DERIVED_TO_EFFECT, 1),
    )  # fmt: skip
    return show_table(data.astype(str).set_axis(heads, axis=1), "own_events", caption=caption, data=data)


@spoken
def write_own_tilt(evidence: Evidence, joined: Evidence) -> list[str]:
    """The tilt between the first two powers without own events, and with them.

    Parameters
    ----------
    evidence, joined : Evidence
        From :func:`~analysis.briefing.evidence.load_evidence`, and from :func:`add_own_events`.

    Examples
    --------
    >>> from analysis.briefing.evidence import load_evidence
    >>> evidence = load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28")
    >>> write_own_tilt(evidence, add_own_events(evidence, read_own_events("own_events_example.csv")))[1]
    'With them it is −0.27 (90 % interval −0.51 to −0.01).'
    """
    a, b = (name_of(evidence, code) for code in evidence.powers[:2])
    told = []
    for one in (evidence, joined):
        leaning = tilt(one.engagements, *one.powers[:2])
        told.append(tell_tilt(leaning.value, leaning.low, leaning.high, a, b))
    (before, how_sure), (after, how_sure_now) = told
    return [
        say("Without these events the tilt between {a} (+1) and {b} (−1) is {tilt} ({note}).", a=a, b=b, tilt=before,
            note=how_sure),
        say("With them it is {tilt} ({note}).", tilt=after, note=how_sure_now),
    ]  # fmt: skip


def _locate(path: Path | str) -> Path:
    given = Path(path)
    places = [given] if given.is_absolute() else [given, NOTEBOOKS / given]
    for place in places:
        with suppress(OSError):  # of a name that is too long
            if place.is_file():
                return place
    raise TightropeError(f"there is no file {str(path)!r}; looked in {' and '.join(str(one.parent) for one in places)}")


def _read(path: Path | str, layout: str) -> RawFile:
    file = read_curated(_locate(path))
    if file.layout != layout:
        raise TightropeError(f"{file.name} has the columns of {file.layout!r}; those of {layout!r} are accepted here")
    return file


def _select(evidence: Evidence, own: OwnEvents) -> dict[str, pd.DataFrame]:
    return select_rows(own.tables, Question(evidence.state, evidence.powers, evidence.states, evidence.end))


def _find_alike(evidence: Evidence, own: OwnEvents) -> dict[str, list[str]]:
    """For each own event the events of the evidence that may be the same happening."""
    events = pd.concat([evidence.events.assign(file=""), own.tables["events"]], ignore_index=True)
    actors = pd.concat([evidence.event_actors, own.tables["event_actors"]], ignore_index=True)
    mine = set(own.tables["events"]["event_id"])
    alike: dict[str, list[str]] = {}
    for pair in each_row(find_duplicates(events, actors)):
        for one, other in ((pair.event_id_a, pair.event_id_b), (pair.event_id_b, pair.event_id_a)):
            if one in mine and other not in mine:
                alike.setdefault(one, []).append(other)
    return alike


def _weights(evidence: Evidence, own: OwnEvents, event_id: str) -> str:
    dyads = own.tables["dyad_events"]
    said = []
    for row in each_row(dyads[dyads["event_id"] == event_id]):
        one, other = (evidence.names.get(code, code) for code in (row.actor_a, row.actor_b))
        text = _UNKNOWN if pd.isna(row.weight) else _DERIVED if row.weight_basis == "derived" else _WEIGHT
        said.append(say(text, one=one, other=other, weight=format_number(row.weight, 1, signed=True)))
    return chain(said)
