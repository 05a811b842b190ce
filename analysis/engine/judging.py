"""Raw rows judged by DuckDB: each judgement is asked once for every combination of values that it reads."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from ibis.backends.duckdb import Backend

from analysis.cleaning.coded import LOOKUP_SCHEMAS, create_judgements, create_lookups
from analysis.cleaning.coded.judgements import FAULTS, FOUND_IN
from analysis.engine.codes import Counts, code_columns, resolve_codes
from analysis.engine.distinct import Distinct, combine, encode, spread
from analysis.sources.events.layout import EventLayout
from analysis.sources.events.reading import UNIQUE, raw_columns

_COMBINATIONS, _PLACE = "combinations", "place_of_combination"


@dataclass(frozen=True)
class JudgedRows:
    """Some raw rows and what they come to, column by column.

    Attributes
    ----------
    columns : dict of str to Distinct or ChunkedArray
        Raw columns and those that judgements say.
    """

    columns: dict[str, Distinct | pa.ChunkedArray]

    def count_codes(self, layout: EventLayout, rows: slice = slice(None)) -> Counts:
        """How often each code occurs in some rows, by column."""
        return {name: self.columns[name].count(rows) for name in code_columns(layout)}

    def find_faults(self) -> tuple[np.ndarray, pa.Array]:
        """The places of the rows that cannot stand, and why each cannot."""
        faults = [self.columns[name] for name in FAULTS if name in self.columns and len(self.columns[name].values)]
        if not faults:
            return np.empty(0, np.int64), pa.array([], pa.string())
        bad = np.flatnonzero(np.logical_or.reduce([fault.places >= 0 for fault in faults]))
        return bad, pc.coalesce(*(fault.take(bad).dictionary_decode() for fault in faults))

    def select(self, rows: slice, standing: np.ndarray, file: str) -> pa.Table:
        """Some rows of one file as coded events.

        Parameters
        ----------
        rows : slice
            Among which rows they are.
        standing : ndarray of bool
            Which of those they are.
        file : str
            Name of the file.
        """
        places = np.flatnonzero(standing) + rows.start
        is_standing, taken = pa.array(standing), {}
        for name, (found_in, kind) in FOUND_IN.items():
            column = self.columns.get(found_in, self.columns.get(name))
            if name == "file":
                taken[name] = Distinct(pa.array([file]), np.zeros(len(places), np.int32)).take(slice(None))
            elif column is None:
                taken[name] = pa.nulls(len(places), ibis.dtype(kind).to_pyarrow())
            elif isinstance(column, Distinct):
                taken[name] = column.take(places)
            else:
                taken[name] = column.slice(rows.start, rows.stop - rows.start).filter(is_standing)
        return pa.table(taken)


class Judge:
    """The judgements of one layout as queries, compiled once.

    Parameters
    ----------
    connection : Backend
        DuckDB; the lookups of the layout are loaded into it.
    layout : EventLayout
        Layout of the rows.
    mark : str
        What tells its lookups from those of other layouts.
    """

    def __init__(self, connection: Backend, layout: EventLayout, mark: str) -> None:
        self._layout, self._database = layout, connection.con
        lookups = {name: ibis.table(schema, name=name) for name, schema in LOOKUP_SCHEMAS.items()}
        for name, frame in create_lookups(layout).items():
            lookups[name] = ibis.table(LOOKUP_SCHEMAS[name], name=f"{name}_{mark}")
            self._database.register(_COMBINATIONS, _as_arrow(frame, name))
            self._database.execute(f"CREATE TEMP TABLE {name}_{mark} AS FROM {_COMBINATIONS}")
            self._database.unregister(_COMBINATIONS)
        types: dict[str, str] = dict.fromkeys(raw_columns(layout), "string")
        self._queries: list[tuple[tuple[str, ...], list[str], str]] = []
        for judgement in create_judgements(layout, lookups):
            reads = {name: types[name] for name in judgement.reads}
            is_ordered = _is_unique(judgement.reads)
            rows = ibis.table(reads if is_ordered else {**reads, _PLACE: "int64"}, name=_COMBINATIONS)
            judged = judgement.add(rows)
            says = [name for name in judged.columns if name not in rows.columns]
            types |= {name: judged[name].type() for name in says}
            found = (judged if is_ordered else judged.order_by(_PLACE)).select(*says)
            self._queries.append((judgement.reads, says, str(connection.compile(found))))

    def judge(self, rows: pa.Table) -> tuple[JudgedRows, bool]:
        """What some raw rows come to, and whether any of their codes is unknown.

        Parameters
        ----------
        rows : Table
            Raw columns of the layout, and `line`.
        """
        columns: dict[str, Distinct | pa.ChunkedArray] = {
            name: rows[name] if name in (*UNIQUE, "line") else encode(rows[name])
            for name in (*raw_columns(self._layout), "line")
        }
        judged = JudgedRows(columns)
        lookups, unknown = resolve_codes(judged.count_codes(self._layout), self._layout)
        for name, frame in lookups.items():
            self._database.register(name, _as_arrow(frame, name))
        for reads, says, query in self._queries:
            if _is_unique(reads):
                found = self._ask(query, rows.select(list(reads)))
                columns |= {name: encode(found[name]) if name in FAULTS else found[name] for name in says}
            else:
                combinations, places = combine({name: columns[name] for name in reads})
                found = self._ask(query, pa.table({**combinations, _PLACE: np.arange(places.max(initial=-1) + 1)}))
                columns |= {name: spread(found[name], places) for name in says}
        for name in lookups:
            self._database.unregister(name)
        return judged, bool(unknown)

    def _ask(self, query: str, rows: pa.Table) -> pa.Table:
        self._database.register(_COMBINATIONS, rows)
        found = self._database.sql(query).to_arrow_table()
        self._database.unregister(_COMBINATIONS)
        return found


def _is_unique(reads: tuple[str, ...]) -> bool:
    return bool({*reads} & {*UNIQUE})


def _as_arrow(frame: pd.DataFrame, name: str) -> pa.Table:
    """A lookup as Arrow, in its types."""
    schema = ibis.schema(LOOKUP_SCHEMAS[name]).to_pyarrow()
    return pa.Table.from_pandas(frame, schema, preserve_index=False)
