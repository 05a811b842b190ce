"""What fuzzing has broken once, each input held to the oracle of its target again; a listed input was mended."""

import csv
from pathlib import Path

import pytest
from fuzz.targets import NAMES, create_target

FINDINGS = Path(__file__).parent / "fixtures" / "fuzz"
ROWS = list(csv.DictReader((FINDINGS / "findings.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['target']}/{row['name']}")
def test_an_input_that_broke_once_breaks_no_more(row):
    data = (FINDINGS / row["target"] / row["name"]).read_bytes()
    target = create_target(row["target"])
    target.check(data)
    if target.together:
        target.together([data])


def test_every_finding_is_listed_with_what_it_broke():
    stored = {(path.parent.name, path.name) for path in FINDINGS.glob("*/*")}
    assert stored == {(row["target"], row["name"]) for row in ROWS}
    assert all(row["broke"] and row["target"] in NAMES for row in ROWS)
