"""Ports and projects: figures as their sources give them, with actors, dates and numbers made uniform."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from analysis.cleaning.dates import parse_partial
from analysis.cleaning.numbers import parse_amount
from analysis.cleaning.result import Cleaned, refuse_missing, reject
from analysis.errors import RowError, TightropeError
from analysis.schema import PORT_FIGURES, PROJECTS

Row = dict[str, Any]


def clean_port_figures(raw: pd.DataFrame, resolve_state: Callable[[str], str]) -> Cleaned:
    """Rows of layout "port_figures" as the table `port_figures`."""

    def clean(row: Row) -> Row:
        start, end = _period(row["year"], row["year"])
        return {
            "row_id": row["row_id"], "port": row["port"], "state": resolve_state(row["country"]),
            "start": start,
            "end": end, "measure": row["measure"], "value": _number(row), "unit": row["unit"],
            "destination": resolve_state(row["destination"]) if row["destination"] else None,
            "is_event": "EVENT" in row["note"], "has_conflict": "CONFLICT" in row["note"],
        }  # fmt: skip

    return _clean_rows(raw, clean, "port_figures")


def clean_projects(raw: pd.DataFrame, resolve_state: Callable[[str], str]) -> Cleaned:
    """Rows of layout "projects" as the table `projects`."""

    def states(text: str) -> str:
        return ";".join(resolve_state(part.strip()) for part in text.split(";") if part.strip())

    def clean(row: Row) -> Row:
        start, end = _period(row["start"], row["end"])
        return {
            "row_id": row["row_id"], "name": row["name"], "states": states(row["country"]), "kind": row["kind"],
            "investor": row["operator_or_investor"], "investor_states": states(row["investor_home"]), "start": start,
            "end": end, "status": row["status"], "value": _number(row), "unit": row["unit"],
            "has_conflict": "CONFLICT" in row["note"],
        }  # fmt: skip

    return _clean_rows(raw, clean, "projects")


def _clean_rows(raw: pd.DataFrame, clean: Callable[[Row], Row], table: str) -> Cleaned:
    schema = {"port_figures": PORT_FIGURES, "projects": PROJECTS}[table]
    rows, rejects, seen = [], [], set()
    for row in raw.to_dict("records"):
        try:
            if not row["row_id"] or row["row_id"] in seen:
                raise RowError(f"row_id {row['row_id']!r} is empty or repeated; every row needs its own")
            common = {"outlet": row.get("source_outlet"), "url": row.get("source_url"), "note": row["note"]}
            cleaned = clean(row) | common | {"file": row["file"], "line": row["line"]}
            cleaned = {column: None if value == "" else value for column, value in cleaned.items()}
            refuse_missing(cleaned, schema)
        except TightropeError as error:
            rejects.append(reject(row, str(error)))
            continue
        seen.add(row["row_id"])
        rows.append(cleaned)
    return Cleaned(tables={table: schema.frame(rows)}, merges=[], rejects=rejects)


def _period(start: str, end: str) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    return (parse_partial(start)[0] if start else None, parse_partial(end)[1] if end else None)


def _number(row: Row) -> float | None:
    return parse_amount(row["value"], row["unit"]) if row["value"] else None
