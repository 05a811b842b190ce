"""Raw rows of every tie file as the table `ties`: each row is kept, merged or rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import pandas as pd

from analysis.cleaning.economic import create_economic_ties
from analysis.cleaning.result import Cleaned, merge, reject
from analysis.cleaning.tie_choices import Choices, check_choices
from analysis.cleaning.tie_merging import Merged, merge_ties
from analysis.cleaning.tie_rows import (
    Resolve,
    Row,
    Tie,
    create_agreements,
    create_deployments,
    create_memberships,
    create_missions,
)
from analysis.errors import RowError, TightropeError
from analysis.schema import TIES

_COMPARED = ("membership", "suspension", "mission")
_NOT_CONTENT = ("file", "line", "tie_id")


def clean_ties(raw: Mapping[str, pd.DataFrame], resolve: Resolve, choices: pd.DataFrame) -> Cleaned:
    """Clean memberships, missions, agreements, deployments and economic figures into ties.

    Parameters
    ----------
    raw : dict of str to DataFrame
        Rows by file name: every column as text, plus ``file`` and ``line``. A file is known by
        its columns, and the first that has an identifier keeps it. Absent files are left out.
    resolve : callable
        Name to an actor with ``actor_code`` and ``kind``; raises UnknownNameError.
    choices : DataFrame
        The reviewed choices, as :func:`analysis.cleaning.tie_choices.check_choices` takes them.

    Returns
    -------
    Cleaned
        Table ``ties``; a row that names several actors gives ties with ``.1``, ``.2`` after
        their identifier, and an agreement one for each state that is a party. Every row of every
        file is in `ties`, in merges or in rejects, and in one of them only.

    Raises
    ------
    TightropeError
        If a reviewed choice no longer matches its rows.
    ValueError
        If a file has the columns of no tie file.

    Examples
    --------
    >>> from types import SimpleNamespace as Actor
    >>> actors = {"TGO": Actor(actor_code="TGO", kind="state"), "AU": Actor(actor_code="AU", kind="organisation")}
    >>> row = {"state": "TGO", "organisation": "AU", "start": "1963", "end": "", "status": "member"}
    >>> row |= {"source_url": "", "note": "", "file": "mine.csv", "line": 2}
    >>> cleaned = clean_ties({"mine.csv": pd.DataFrame([row])}, actors.get, pd.DataFrame())
    >>> cleaned.tables["ties"].loc[0, ["tie_id", "kind", "start_precision"]].to_list()
    ['mine:2', 'membership', 'year']
    """
    merged, rejects = _merge(raw, resolve, choices)
    return Cleaned({"ties": TIES.frame([_record(tie) for tie in merged.ties])}, merged.merges, rejects)


def find_conflicts(raw: Mapping[str, pd.DataFrame], resolve: Resolve, choices: pd.DataFrame) -> list[tuple[str, str]]:
    """Find each two ties, by identifier, that differ and between which no reviewer has chosen."""
    return _merge(raw, resolve, choices)[0].conflicts


def _merge(
    raw: Mapping[str, pd.DataFrame], resolve: Resolve, choices: pd.DataFrame
) -> tuple[Merged, list[dict[str, Any]]]:
    reviewed = check_choices(choices, raw)
    by_row: dict[tuple[Any, ...], list[Tie]] = {}
    merges, rejects, owners = [], [], dict[str, str]()
    for name, frame in raw.items():
        for row in frame.to_dict("records"):
            content = (name, *((column, text) for column, text in row.items() if column not in _NOT_CONTENT))
            try:
                ties = _create(row, resolve, reviewed)
                if content not in by_row:
                    _refuse_repeated(ties, row, owners)
            except TightropeError as error:
                rejects.append(reject(row, str(error)))
                continue
            if content in by_row:
                merges.append(merge(row, ties[0].tie_id, by_row[content][0].tie_id, "rule", "every cell is the same"))
                by_row[content] = [replace(tie, n_sources=tie.n_sources + 1) for tie in by_row[content]]
            else:
                by_row[content] = ties
    compared: list[Tie] = []
    others: list[Tie] = []
    for ties in by_row.values():
        (compared if len(ties) == 1 and ties[0].kind in _COMPARED else others).extend(ties)
    merged = merge_ties(compared, reviewed)
    others = [replace(tie, has_conflict=True) if (tie.file, tie.line) in reviewed.conflicts else tie for tie in others]
    final = {row["merged_id"]: row["kept_id"] for row in merged.merges}
    merges = [{**row, "kept_id": final.get(row["kept_id"], row["kept_id"])} for row in merges]
    return Merged([*merged.ties, *others], [*merged.merges, *merges], merged.conflicts), rejects


def _create(row: Row, resolve: Resolve, reviewed: Choices) -> list[Tie]:
    """Read one row by the columns of its file."""
    if "organisation" in row:
        return create_memberships(row, resolve)
    if "mission_type" in row:
        return create_missions(row, resolve)
    if "party_a" in row:
        return create_agreements(
            row, resolve, reviewed.agreement_kinds.get((row["file"], int(row["line"])), "defence_agreement")
        )
    if "host" in row:
        return create_deployments(row, resolve)
    if "value" in row:
        return create_economic_ties(row, resolve)
    raise ValueError(f"{row['file']}: the columns {', '.join(row)} are those of no tie file")


def _refuse_repeated(ties: list[Tie], row: Row, owners: dict[str, str]) -> None:
    """Refuse an identifier given to two rows that differ, for one would hide the other."""
    for tie in ties:
        if tie.tie_id in owners:
            raise RowError(f"tie_id {tie.tie_id!r} stands already in {owners[tie.tie_id]}; every row needs its own")
    owners |= {tie.tie_id: f"{row['file']} line {row['line']}" for tie in ties}


def _record(tie: Tie) -> dict[str, Any]:
    start = {"start": tie.start.start, "start_precision": tie.start.precision} if tie.start else {"start": None}
    end = {"end": tie.end.end, "end_precision": tie.end.precision} if tie.end else {"end": None}
    return {**asdict(replace(tie, start=None, end=None)), **start, **end}
