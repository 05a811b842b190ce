"""The years of the archive: duplicates merged, and events counted by month and pair of actors."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.archive.ledger import Ledger, PartRecord, YearRecord
from analysis.cleaning.coded import DUPLICATE_RULES, LASTING_RULE, create_dyad_months, find_duplicates
from analysis.engine import Engine
from analysis.engine.parts import count_months, count_values, open_part
from analysis.schema import CODED_DYAD_MONTHS, CODED_MERGES
from analysis.sources.events import IDS_LAST

# So many rows are compared at once; the keys of more would not fit in the memory of a small machine.
_ROWS_AT_ONCE = 4_000_000


def finish_years(before: Ledger | None, after: Ledger, again: set[str], out: Path, work: Path, engine: Engine) -> None:
    """Fill in the years of a ledger; only the months that changed are computed, or all where an id is one on any day.

    Parameters
    ----------
    before, after : Ledger
        What stood, and what is to stand; the parts and years of the second are brought up to date.
    again : set of str
        Keys of the batches that were cleaned anew.
    out, work : Path
        Folder of the archive, and of unfinished work; new files are written to the second.
    engine : Engine
        Runs the expressions.
    """
    changed = _changed_months(before, after, again)
    lasting = _compared_whole(changed, before, after)
    found = {
        source: engine.fetch(find_duplicates(rows, after.rule, ids_last=True)).to_pandas()
        for source in sorted(lasting)
        if (rows := _all_rows(after, source, out, work, engine)) is not None
    }
    read_anew = {file.name for key in again for file in after.batches[key].files}
    present = {file.name for _, file in after.files()}
    for (source_name, year), months in sorted(changed.items()):
        key = f"{source_name}/{year}"
        old = before.years.get(key) if before else None
        merges = _old_merges(old, out)
        merges = merges[merges["file"].isin(present - read_anew)]
        if source_name in lasting:
            new = found.get(source_name, merges.iloc[:0])
            merges = _join_merges(merges, new, pd.to_datetime(new["date_start"]).dt.year == year)
        elif DUPLICATE_RULES[after.rule]:
            parts = [
                engine.fetch(find_duplicates(rows, after.rule)).to_pandas()
                for rows in _rows_by_months(after, source_name, months, out, work, engine)
            ]
            merges = _join_merges(merges, pd.concat([merges.iloc[:0], *parts], ignore_index=True))
        _drop_merged(after, source_name, year, merges, out, work)
        table = _dyad_months(old, after, source_name, year, months, out, work, engine)
        record = YearRecord(source_name, year, _write(table, work, f"{source_name}-{year}-dyad_months"))
        if len(merges):
            record.merges = _write(
                pa.Table.from_pandas(merges, preserve_index=False), work, f"{source_name}-{year}-merges"
            )
            record.merged = {str(name): int(rows) for name, rows in merges.groupby("file").size().items()}
        if table.num_rows or record.merged or after.parts(source_name, set(_months_of(year))):
            after.years[key] = record
    if before:
        for key, year_record in before.years.items():
            if (year_record.source_name, year_record.year) not in changed:
                after.years[key] = year_record


def _changed_months(before: Ledger | None, after: Ledger, again: set[str]) -> dict[tuple[str, int], set[str]]:
    gone = (
        [batch for key, batch in before.batches.items() if key not in after.batches or key in again] if before else []
    )
    changed: dict[tuple[str, int], set[str]] = {}
    for batch in [*gone, *(after.batches[key] for key in again)]:
        for part in batch.parts:
            changed.setdefault((batch.source_name, part.year), set()).update(part.months)
    return changed


def _compared_whole(changed: dict[tuple[str, int], set[str]], before: Ledger | None, after: Ledger) -> set[str]:
    """The changed sources of which an id is one event on any day; all their months count as changed."""
    if after.rule != LASTING_RULE:
        return set()
    lasting = {source for source, _ in changed} & IDS_LAST
    for source in lasting:
        for year in before.years.values() if before else ():
            if year.source_name == source:
                changed.setdefault((source, year.year), set())
        for part in after.parts(source):
            changed.setdefault((source, part.year), set()).update(part.months)
    return lasting


def _all_rows(ledger: Ledger, source_name: str, out: Path, work: Path, engine: Engine) -> ir.Table | None:
    parts = ledger.parts(source_name)
    return engine.read([_find(part, out, work) for part in parts]) if parts else None


def _months_of(year: int) -> list[str]:
    return [f"{year:04d}-{month:02d}" for month in range(1, 13)]


def _rows_by_months(
    ledger: Ledger, source_name: str, months: set[str], out: Path, work: Path, engine: Engine
) -> Iterator[ir.Table]:
    """The rows of some months, as few groups of months at a time as memory allows."""
    sizes = {month: 0 for month in sorted(months)}
    for part in ledger.parts(source_name, months):
        for month in months & set(part.months):
            sizes[month] += part.months[month]
    group: list[str] = []
    for month in [*sizes, ""]:
        if group and (not month or sum(sizes[one] for one in group) + sizes[month] > _ROWS_AT_ONCE):
            parts = ledger.parts(source_name, set(group))
            if parts:
                rows = engine.read([_find(part, out, work) for part in parts])
                # A part may hold more months than these.
                yield rows if _holds_only(parts, set(group)) else rows.filter(_in_months(rows, group))
            group = []
        group.append(month)


def _holds_only(parts: list[PartRecord], months: set[str]) -> bool:
    return all(set(part.months) <= months for part in parts)


def _in_months(rows: ir.Table, months: list[str]) -> ir.BooleanValue:
    spans = []
    for month in months:
        first = pd.Timestamp(f"{month}-01")
        last = first + pd.offsets.MonthEnd(0)
        spans.append(rows.date_start.between(ibis.date(str(first.date())), ibis.date(str(last.date()))))
    return ibis.or_(*spans)


def _find(part: PartRecord, out: Path, work: Path) -> Path:
    return work / part.path if (work / part.path).is_file() else out / part.path


def _old_merges(old: YearRecord | None, out: Path) -> pd.DataFrame:
    if old and old.merges:
        return pd.read_parquet(out / old.merges)
    return pd.DataFrame({name: pd.Series(dtype="int64" if "line" in name else "str") for name in CODED_MERGES.columns})


def _join_merges(old: pd.DataFrame, new: pd.DataFrame, chosen: pd.Series | None = None) -> pd.DataFrame:
    """Old merges and the chosen new ones; a row merged into one that is now merged itself stands with the last."""
    both = pd.concat([old, new if chosen is None else new[chosen]], ignore_index=True)
    last = new.set_index(["file", "line"])
    stood = pd.MultiIndex.from_frame(both[["kept_file", "kept_line"]])
    is_merged = stood.isin(last.index)
    for name in ("kept_file", "kept_line", "kept_id") if is_merged.any() else ():
        both.loc[is_merged, name] = last.loc[stood[is_merged], name].to_numpy()
    return both.sort_values(["file", "line"], kind="stable", ignore_index=True)


def _drop_merged(ledger: Ledger, source_name: str, year: int, merges: pd.DataFrame, out: Path, work: Path) -> None:
    """Write anew the parts that still hold merged rows."""
    lines = {str(name): np.sort(rows["line"].to_numpy()) for name, rows in merges.groupby("file")}
    for part in ledger.parts(source_name, set(_months_of(year))):
        dropped = {name: lines[name] for name in part.files if name in lines}
        if not dropped:
            continue
        source = _find(part, out, work)
        mark = hashlib.sha256(repr([(name, found.tolist()) for name, found in sorted(dropped.items())]).encode())
        target = work / f"{source.stem.split('~')[0]}~{mark.hexdigest()[:8]}.parquet"
        # Its name tells that it was written without these very rows before.
        if source.stem.startswith(target.stem):
            continue
        months: dict[str, int] = {}
        files: dict[str, int] = {}
        with pq.ParquetFile(source) as reader, open_part(target, reader.schema_arrow) as writer:
            for batch in reader.iter_batches(batch_size=500_000):
                rows = pa.Table.from_batches([batch])
                standing = rows.filter(_not_among(rows, dropped))
                writer.write_table(standing)
                for counts, more in ((months, count_months(standing)), (files, count_values(standing["file"]))):
                    for name, count in more.items():
                        counts[name] = counts.get(name, 0) + count
        part.path = target.relative_to(work).as_posix()
        part.months, part.files = dict(sorted(months.items())), dict(sorted(files.items()))


def _not_among(rows: pa.Table, dropped: dict[str, np.ndarray]) -> pa.Array:
    standing = np.ones(rows.num_rows, dtype=bool)
    lines = rows["line"].to_numpy()
    for name, found in dropped.items():
        of_file = pc.equal(rows["file"], name).to_numpy()
        standing &= ~(of_file & np.isin(lines, found))
    return pa.array(standing)


def _dyad_months(
    old: YearRecord | None,
    ledger: Ledger,
    source_name: str,
    year: int,
    months: set[str],
    out: Path,
    work: Path,
    engine: Engine,
) -> pa.Table:
    """The dyad-months of a year: those of unchanged months as they were, the others counted anew."""
    groups = _rows_by_months(ledger, source_name, months, out, work, engine)
    tables = [engine.fetch(create_dyad_months(rows)) for rows in groups]
    if old:
        kept = pq.read_table(out / old.dyad_months)
        first_days = pa.array([pd.Timestamp(f"{month}-01").date() for month in sorted(months)], pa.date32())
        tables.append(kept.filter(pc.invert(pc.is_in(kept["month"], first_days))))
    table = pa.concat_tables([_with_types(one) for one in tables]) if tables else _with_types(None)
    return table.sort_by([(name, "ascending") for name in ("month", "source_actor", "target_actor")])


_ARROW = {"date": pa.date32(), "text": pa.string(), "integer": pa.int64()}
DYAD_MONTH_SCHEMA = pa.schema([(field.name, _ARROW[field.type]) for field in CODED_DYAD_MONTHS.fields])


def _with_types(table: pa.Table | None) -> pa.Table:
    return (
        DYAD_MONTH_SCHEMA.empty_table()
        if table is None
        else table.select(DYAD_MONTH_SCHEMA.names).cast(DYAD_MONTH_SCHEMA)
    )


def _write(table: pa.Table, work: Path, name: str) -> str:
    path = work / f"{name}.parquet"
    pq.write_table(table, path, compression="zstd", row_group_size=50_000)
    return path.relative_to(work).as_posix()
