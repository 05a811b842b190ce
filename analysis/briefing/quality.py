"""What a report on the quality of the event data rests on: the archive measured once, source by source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.archive import read_ledger
from analysis.archive.ledger import Ledger
from analysis.archive.overlap import PAIR_KEYS, compare_sources, pair_across_sources
from analysis.archive.quality import count_rejects, count_unknown_codes
from analysis.archive.rows import read_rejects, source_names
from analysis.archive.spans import covered_months, title_of
from analysis.briefing.quality_sources import measure_curated, measure_source
from analysis.engine import connect
from analysis.exhibit import escape_markdown
from analysis.language import Name, say, speaking
from analysis.paths import ARCHIVE, PROCESSED
from analysis.reference.actors import actors_table
from analysis.reference.grammar import name_actors

CURATED = "curated"
_COLUMNS = {
    "years": "year n_events n_days n_files first_day last_day n_covered_days status",
    "actors": "actor n_as_source n_as_target n_as_place n_events first_day last_day",
    "state_counts": "state n_as_source n_as_target n_as_place n_events first_day last_day reason",
    "missing": "n_events n_both n_no_source n_no_target n_neither n_unnamed_source n_unnamed_target "
    "n_source_role n_target_role n_outside",
    "delays": "delay n_events",
    "duplicates": "rule n_merged n_events n_built",
    "months": "subject month n_events",
}
_PAIRS = [*PAIR_KEYS, "source_a", "event_id_a", "source_b", "event_id_b"]


@dataclass(frozen=True)
class Quality:
    """All that a report on the quality of the event data reads.

    Attributes
    ----------
    states, sources : tuple of str
        Codes of the states, and names of the machine-coded sources, in order.
    start, end : Timestamp
        First and last day of the window.
    language : str
        The reader's language.
    names : mapping
        Actor code to the reader's name.
    ledger : Ledger
        What the archive is made of.
    spans : mapping
        Source to the spans of days that its files speak of, over the whole archive.
    years : DataFrame
        source_name, year, n_events, n_days (with any), n_files, first_day, last_day, n_covered_days, status.
    actors : DataFrame
        source_name and the columns of :func:`analysis.archive.quality.count_actors`.
    state_counts : DataFrame
        One row a source and state: source_name, state, n_as_source, n_as_target, n_as_place, n_events,
        first_day, last_day, reason (why there is none).
    missing, delays, duplicates, rejects, unknown : DataFrame
        source_name and the columns of :mod:`analysis.archive.quality`; `missing` also n_outside (events
        out of the coverage that the source states); `duplicates` also n_events and n_built (rows that the
        build has merged).
    months : DataFrame
        subject, source_name, month, n_events.
    covered : mapping
        Source to the first days of the months it covers.
    compared, pairs : DataFrame
        From :func:`analysis.archive.overlap.compare_sources`, and of every pair of sources from
        :func:`analysis.archive.overlap.pair_across_sources`, with source_a and source_b.
    """

    states: tuple[str, ...]
    sources: tuple[str, ...]
    start: pd.Timestamp
    end: pd.Timestamp
    language: str
    names: Mapping[str, Name]
    ledger: Ledger
    spans: Mapping[str, pd.DataFrame]
    years: pd.DataFrame
    actors: pd.DataFrame
    state_counts: pd.DataFrame
    missing: pd.DataFrame
    delays: pd.DataFrame
    duplicates: pd.DataFrame
    rejects: pd.DataFrame
    unknown: pd.DataFrame
    months: pd.DataFrame
    covered: Mapping[str, pd.DatetimeIndex]
    compared: pd.DataFrame
    pairs: pd.DataFrame


def load_quality(
    states: Sequence[str],
    start: str,
    end: str,
    sources: Sequence[str] = (),
    data: Path | str = PROCESSED,
    language: str = "en",
) -> Quality:
    """Measure the archive of machine-coded events, and set it beside the curated tables.

    Parameters
    ----------
    states : sequence of str
        Codes of the states of interest.
    start, end : str
        First and last day, ISO dates.
    sources : sequence of str
        Machine-coded sources; empty for all in the archive.
    data : Path
        Folder of built tables, the archive below it.
    language : str
        Language of the names, and of the reasons why there is nothing.

    Raises
    ------
    TightropeError
        If there is no archive, or the tables have not been built.
    """
    folder = Path(data) / ARCHIVE.name
    ledger = read_ledger(folder)
    chosen = tuple(sources or source_names(ledger))
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    engine = connect()
    try:
        with speaking(language):
            measured = {name: measure_source(engine, ledger, name, states, first, last, folder) for name in chosen}
    finally:
        engine.close()
    with speaking(language):
        measured[CURATED] = measure_curated(states, first, last, data)
    spans = {name: one["spans"] for name, one in measured.items()}
    covered = {name: covered_months(one["spans"], first, last) for name, one in measured.items()}
    months = _stack(measured, "months")
    order = {subject: number for number, subject in enumerate([*states, *sorted(set(months["subject"]) - set(states))])}
    months = months.sort_values("subject", key=lambda column: column.map(order), kind="stable", ignore_index=True)
    return Quality(
        states=tuple(states),
        sources=chosen,
        start=first,
        end=last,
        language=language,
        names=name_actors(actors_table(), language),
        ledger=ledger,
        spans=spans,
        years=_stack(measured, "years"),
        actors=_stack(measured, "actors"),
        state_counts=_stack(measured, "state_counts"),
        missing=_stack(measured, "missing"),
        delays=_stack(measured, "delays"),
        duplicates=_stack(measured, "duplicates"),
        rejects=count_rejects(read_rejects(ledger, chosen, folder)),
        unknown=pd.concat(
            [count_unknown_codes(ledger, name).assign(source_name=name) for name in chosen], ignore_index=True
        ),
        months=months,
        covered=covered,
        compared=compare_sources(months, covered),
        pairs=_pair_all(measured),
    )


def _pair_all(measured: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Candidate pairs of every two sources."""
    names = [name for name, one in measured.items() if "events" in one]
    frames = [
        pair_across_sources(measured[a]["events"], measured[b]["events"]).assign(source_a=a, source_b=b)
        for number, a in enumerate(names)
        for b in names[number + 1 :]
    ]
    if not frames:
        return pd.DataFrame(columns=_PAIRS)
    return pd.concat(frames, ignore_index=True)[_PAIRS].sort_values(_PAIRS, ignore_index=True)


def _stack(measured: Mapping[str, Mapping[str, Any]], name: str) -> pd.DataFrame:
    """One frame of all sources that have it, with the source first."""
    frames = []
    for source, one in measured.items():
        if name in one and len(one[name]):
            frame = one[name].copy()
            for column in {"first_day", "last_day", "month"} & set(frame.columns):
                frame[column] = pd.to_datetime(frame[column]).astype("datetime64[s]")
            frame.insert(0, "source_name", source)
            frames.append(frame)
    if not frames:
        return pd.DataFrame(columns=["source_name", *_COLUMNS[name].split()])
    return pd.concat(frames, ignore_index=True)


def name_source(source: object) -> str:
    """A source's title in the reader's language, as Markdown."""
    return escape_markdown(say("the curated table") if source == CURATED else title_of(str(source)))
