"""Rows judged by their combinations of values come to what they come to when judged one by one."""

import ibis
import numpy as np
import pyarrow as pa
import pytest
from archive_cases import INVENTED, SOURCE_LAYOUT

from analysis.cleaning.coded import LOOKUP_SCHEMAS, create_lookups, judge_rows
from analysis.engine.codes import resolve_codes
from analysis.engine.duck import raw_schema
from analysis.engine.judging import Judge

# Each is put in place of a good value, alone or with others: days around 1991, faults, nothing.
OTHERS = {
    "date_start": ["19911225", "1991-12-26", "20261345", "20250101", None],
    "date_end": ["1990-01-01", "2019-13-01", None],
    "date_precision_code": ["4", "9", None],
    "reported": ["20260115", "2018-06-01", "soon", None],
    "event_id": ["4e7", "475.0", None],
    "cameo_code": ["70", "190", "999", None],
    "cameo_root": ["7", "19", None],
    "type_code": ["4", "ASSAULT", None],
    "source_raw": ["RUS", "TGOGOV", "QQQ", None],
    "target_raw": ["RUSMIL", "NGA", None],
    "source_key": ["365", "Russia", "ZZZ", None],
    "target_key": ["RUS", None],
    "source_role_code": ["MIL", "Military,Government", "0", None],
    "place_code": ["UR", "YI", "ZZ", None],
    "lat": ["400", "1_0", "-0", None],
    "lon": ["181", "nan", None],
    "goldstein": ["99", "-10", None],
    "mentions": ["-1", "4.6", "007", None],
    "contexts": ["military;economic", "nonsense", None],
}


def create_rows(kind, n_rows=600):
    """Raw rows of a layout, of whose values about a third are others than those of a good row."""
    layout, rng = SOURCE_LAYOUT[kind], np.random.default_rng(20181)
    columns = {}
    for name, column in layout.reads.items():
        values = [INVENTED[kind].get(column) or None, *OTHERS.get(name, [None])]
        chosen = np.where(rng.random(n_rows) < 0.7, 0, rng.integers(0, len(values), n_rows))
        columns[name] = pa.array([values[place] for place in chosen], pa.string())
    columns["line"] = pa.array(np.arange(1, n_rows + 1))
    return pa.concat_tables(pa.table(columns).slice(start, 250) for start in range(0, n_rows, 250))


@pytest.mark.parametrize("kind", SOURCE_LAYOUT)
def test_combinations_are_judged_as_rows_are(kind):
    layout, rows = SOURCE_LAYOUT[kind], create_rows(kind)
    connection = ibis.duckdb.connect()
    judged, _ = Judge(connection, layout, "0").judge(rows)
    bad, reasons = judged.find_faults()
    standing = np.ones(rows.num_rows, dtype=bool)
    standing[bad] = False
    events = judged.select(slice(0, rows.num_rows), standing, "events.csv")

    lookups = create_lookups(layout) | resolve_codes(judged.count_codes(layout), layout)[0]
    for name, frame in lookups.items():
        schema = ibis.schema(LOOKUP_SCHEMAS[name]).to_pyarrow()
        connection.con.register(name, pa.Table.from_pandas(frame, schema, preserve_index=False))
    raw = rows.append_column("file", pa.array(["events.csv"] * rows.num_rows))
    connection.con.register("raw", raw.select(list(raw_schema(layout))))
    tables = {name: ibis.table(schema, name=name) for name, schema in LOOKUP_SCHEMAS.items()}
    one_by_one = judge_rows(ibis.table(raw_schema(layout), name="raw"), layout, tables).order_by("line")
    expected = connection.con.sql(connection.compile(one_by_one)).to_arrow_table().to_pylist()
    connection.disconnect()

    assert {row["line"]: row["reason"] for row in expected if row["reason"]} == dict(
        zip((bad + 1).tolist(), reasons.to_pylist(), strict=True)
    )
    stand = [{name: row[name] for name in row if name != "reason"} for row in expected if not row["reason"]]
    assert events.to_pylist() == stand
    assert 0.05 < len(bad) / rows.num_rows < 0.95
