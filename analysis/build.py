"""From raw files to processed tables: the ordered list of steps, and the only place they meet."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

import analysis
from analysis import reference
from analysis.cleaning.claim_values import ClaimJudgements, judge_claims
from analysis.cleaning.claims import clean_article_claims, clean_claims
from analysis.cleaning.corrections import add_checked_pages, apply_corrections, clean_changes
from analysis.cleaning.dates import days_of_access
from analysis.cleaning.duplicates import find_duplicates
from analysis.cleaning.dyads import clean_judgements, derive_dyads
from analysis.cleaning.events import clean_events
from analysis.cleaning.infrastructure import clean_port_figures, clean_projects
from analysis.cleaning.merging import merge_events
from analysis.cleaning.result import Cleaned
from analysis.cleaning.spellings import choose_spellings, spell
from analysis.cleaning.ties import clean_ties
from analysis.cleaning.votes import clean_votes
from analysis.errors import TightropeError
from analysis.paths import PROCESSED, RAW, SOURCES_TOML
from analysis.reference.actors import actors_table, resolve_actor, resolve_state
from analysis.reference.plover import plover_table
from analysis.schema import TABLES
from analysis.sources.catalogue import check_catalogue, find_raw_files, read_catalogue, sha256_of
from analysis.sources.curated import RawFile, read_curated
from analysis.store import read_build, write_tables

_ROOMS = ("cleaning", "reference", "schema", "sources")
_TIE_LAYOUTS = ("memberships", "missions", "agreements", "deployments", "economic_ties")


@dataclass
class Build:
    """What a build made: its tables, its record, and whether it had anything to do.

    Attributes
    ----------
    tables : dict of str to DataFrame
        Processed tables by name; empty when nothing had changed.
    record : dict
        What `build.json` holds: ``inputs`` (one hash), ``files`` (sums per file), ``tables``
        (rows), ``for_review`` (what awaits a reviewer), ``unlisted`` (entries to fill in).
    is_fresh : bool
        False when the tables already there came from the same inputs.
    """

    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    record: dict[str, Any] = field(default_factory=dict)
    is_fresh: bool = True


def build(
    raw: Path = RAW, out: Path = PROCESSED, *, force: bool = False, say: Callable[[str], None] = lambda _: None
) -> Build:
    """Build every processed table, unless those in `out` came from the same inputs.

    Parameters
    ----------
    raw, out : Path
        Folder of raw files, and of processed tables.
    force : bool
        Build even if nothing has changed.
    say : callable
        Told of each step as it begins.

    Raises
    ------
    TightropeError
        On a structural fault: a listed file missing or changed, a file of no known layout, a
        correction or reviewed choice that no longer applies. Nothing is written then.
    """
    check_catalogue(raw)
    inputs = hash_inputs(raw)
    if not force and _stands(out, inputs):
        return Build(record=read_build(out), is_fresh=False)
    made = clean(raw, say=say)
    made.record = {"inputs": inputs, **made.record}
    say("writing tables")
    write_tables(made.tables, made.record, out)
    return made


def clean(raw: Path = RAW, *, say: Callable[[str], None] = lambda _: None) -> Build:
    """Read and clean every raw file; writes nothing.

    Raises
    ------
    TightropeError
        On a structural fault, as for :func:`build`.
    """
    unlisted = check_catalogue(raw)
    accessed = days_of_access(read_catalogue(raw))
    say("reading raw files")
    # Listed files first: an identifier that a new file repeats stays with the row that stood.
    files = [read_curated(path) for path in sorted(find_raw_files(raw), key=lambda path: path.name in unlisted)]
    rows = apply_corrections({file.name: file.rows for file in files}, reference.load("corrections"))
    by_layout: dict[str, dict[str, pd.DataFrame]] = {}
    for file in files:
        by_layout.setdefault(file.layout, {})[file.name] = rows[file.name]

    outlets = [*reference.load("outlets")["outlet"], *reference.load("origins")["origin"]]
    spelled = choose_spellings(rows.values(), {"outlet": outlets})
    parts = [
        Cleaned(tables={"actors": actors_table()}, merges=[], rejects=[row for file in files for row in file.malformed])
    ]
    for_review: dict[str, Any] = {}
    say("cleaning events")
    if "events" in by_layout or "tie_effects" in by_layout:  # judgements of no event are rejected
        events, for_review = _clean_events(by_layout, accessed)
        parts += events
    say("cleaning ties, votes and claims")
    ties = {file.name: rows[file.name] for file in files if file.layout in _TIE_LAYOUTS}
    if ties:
        parts.append(clean_ties(ties, resolve_actor, reference.load("tie_choices")))
    if "votes" in by_layout:
        parts.append(clean_votes(by_layout["votes"].values(), resolve_state, accessed))
    if "claims" in by_layout:
        claims, waiting = _clean_claims(by_layout["claims"], accessed, spelled)
        parts.append(claims)
        for_review |= waiting
    for layout, cleaner in _SIMPLE.items():
        if layout in by_layout:
            parts.append(cleaner(pd.concat(by_layout[layout].values(), ignore_index=True)))
    if "changes" in by_layout:
        parts.append(clean_changes(pd.concat(by_layout["changes"].values(), ignore_index=True), rows))

    tables = spell(_collect(parts), spelled)
    record = {
        "files": _count(files, raw, tables),
        "tables": {name: len(frame) for name, frame in tables.items()},
        "for_review": for_review,
        "unlisted": unlisted,
        "sources": {entry.name: entry.describe() for entry in read_catalogue(raw)},
    }
    return Build(tables=tables, record=record)


_SIMPLE: dict[str, Callable[[pd.DataFrame], Cleaned]] = {
    "article_claims": lambda raw: clean_article_claims(raw, reference.load("statement_subjects")),
    "port_figures": lambda raw: clean_port_figures(raw, resolve_state),
    "projects": lambda raw: clean_projects(raw, resolve_state),
}


def hash_inputs(raw: Path) -> str:
    """One sha256 over everything a build depends on: raw files and what is said of them, reference tables, the code."""
    package = Path(analysis.__file__).parent
    modules = [
        path for room in _ROOMS for pattern in ("*.py", "*.csv") for path in sorted((package / room).rglob(pattern))
    ]
    digest = hashlib.sha256()
    said = [raw / SOURCES_TOML] if (raw / SOURCES_TOML).is_file() else []
    for path in [*find_raw_files(raw), *said, *modules, package / "build.py", package / "store.py"]:
        digest.update(f"{path.name} {sha256_of(path)}\n".encode())
    return digest.hexdigest()


def _stands(out: Path, inputs: str) -> bool:
    try:
        record = read_build(out)
    except TightropeError:
        return False
    return record.get("inputs") == inputs and all((out / f"{name}.parquet").is_file() for name in TABLES)


def _clean_events(
    by_layout: dict[str, dict[str, pd.DataFrame]], accessed: dict[str, pd.Timestamp]
) -> tuple[list[Cleaned], dict[str, Any]]:
    """Events, their judgements, and what two files both tell, told once."""
    files = by_layout.get("events", {}).values()
    cleaned = clean_events(files, resolve_actor, plover_table(), accessed=accessed)
    events, event_actors = cleaned.tables["events"], cleaned.tables["event_actors"]
    parts = [Cleaned(tables={}, merges=[], rejects=cleaned.rejects)]
    judged = TABLES["dyad_events"].frame([])
    if "tie_effects" in by_layout:
        raw = pd.concat(by_layout["tie_effects"].values(), ignore_index=True)
        judgements = clean_judgements(raw, events, event_actors, resolve_actor)
        judged = judgements.tables["dyad_events"]
        parts.append(Cleaned(tables={}, merges=[], rejects=judgements.rejects))
    derived = derive_dyads(events, event_actors, judged, actors_table(), reference.load("roles"))
    dyads = pd.concat([judged, derived], ignore_index=True)
    decisions = reference.load("event_merges")
    applies = decisions[["event_id_kept", "event_id_merged"]].isin(set(events["event_id"])).all(axis=1)
    reports = cleaned.tables["event_sources"]
    if "changes" in by_layout:
        reports = add_checked_pages(reports, events, pd.concat(by_layout["changes"].values(), ignore_index=True))
    candidates = find_duplicates(events, event_actors)
    merged = merge_events(events, event_actors, reports, dyads, decisions[applies], candidates)
    parts.append(
        Cleaned(
            tables={
                "events": merged.events,
                "event_actors": merged.event_actors,
                "event_sources": merged.event_sources,
                "dyad_events": merged.dyad_events,
            },
            merges=[*merged.merges, *_merged_judgements(judged, merged.dyad_events, merged.merges)],
            rejects=[],
        )
    )
    waiting = merged.dyad_events[merged.dyad_events["weight_basis"] == "derived"]
    not_applied = decisions[~applies & (decisions["verdict"] == "same")]
    for_review = {
        "merges_without_events": not_applied[["event_id_kept", "event_id_merged"]].to_numpy().tolist(),
        "events_without_judgement": sorted(set(waiting["event_id"])),
        "possible_duplicates": [[row.event_id_a, row.event_id_b] for row in merged.unreviewed.itertuples()],
    }
    return parts, for_review


def _clean_claims(
    files: dict[str, pd.DataFrame], accessed: dict[str, pd.Timestamp], spelled: dict[str, dict[str, str]]
) -> tuple[Cleaned, dict[str, Any]]:
    """Claims with the reviewed judgements on them, and what awaits a reviewer."""
    cleaned = clean_claims(pd.concat(files.values(), ignore_index=True), accessed)
    judgements = ClaimJudgements(
        *(
            reference.load(name)
            for name in ("claim_questions", "claim_values", "claim_origins", "outlets", "origins", "outlet_grades")
        )
    )
    judged = judge_claims(spell(cleaned.tables, spelled)["claims"], judgements)
    tables = {"claims": judged.claims, "claim_values": judged.values}
    return Cleaned(tables=tables, merges=[], rejects=cleaned.rejects), dict(judged.for_review)


def _merged_judgements(before: pd.DataFrame, after: pd.DataFrame, merges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Judgements of a merged event on a pair that the standing event's judgement covers."""
    standing = {merge["merged_id"]: merge for merge in merges}
    kept = set(zip(after["file"], after["line"], strict=True))
    rows = []
    for judgement in before.itertuples():
        if (judgement.file, judgement.line) in kept:
            continue
        merge = standing[judgement.event_id]
        pair = f"{judgement.actor_a} {judgement.actor_b}"
        rows.append(
            {
                "file": judgement.file,
                "line": judgement.line,
                "merged_id": f"{judgement.event_id} {pair}",
                "kept_id": f"{merge['kept_id']} {pair}",
                "basis": merge["basis"],
                "reason": f"{judgement.event_id} tells what {merge['kept_id']} tells, whose judgement stands",
            }
        )
    return rows


def _collect(parts: list[Cleaned]) -> dict[str, pd.DataFrame]:
    """Every table of the schema, in its order and sorted by its key; tables without rows included."""
    found = {name: frame for part in parts for name, frame in part.tables.items()}
    found["merges"] = TABLES["merges"].frame([row for part in parts for row in part.merges])
    found["rejects"] = TABLES["rejects"].frame([row for part in parts for row in part.rejects])
    tables = {}
    for name, table in TABLES.items():
        frame = found.get(name, table.frame([]))
        tables[name] = table.frame(frame.sort_values(list(table.key), kind="stable", ignore_index=True))
    return tables


def _count(files: list[RawFile], raw: Path, tables: dict[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Rows read, kept, merged and rejected per file, each counted where it ended.

    Raises
    ------
    AssertionError
        If a row is lost or counted twice.
    """
    merged, rejected = (tables[name].groupby("file").size() for name in ("merges", "rejects"))
    standing = [
        tables[name][["file", "line"]]
        for name in TABLES
        if name not in ("merges", "rejects") and "file" in tables[name]
    ]
    kept = pd.concat(standing).drop_duplicates().groupby("file").size()
    counts = []
    for file in files:
        ends = {
            "rows_kept": int(kept.get(file.name, 0)),
            "rows_merged": int(merged.get(file.name, 0)),
            "rows_rejected": int(rejected.get(file.name, 0)),
        }
        ended = sum(ends.values())
        assert ended == file.n_read, f"{file.name}: {file.n_read} rows read, {ended} accounted for"
        counts.append({"file": file.name, "sha256": sha256_of(raw / file.name), "rows_read": file.n_read, **ends})
    return counts
