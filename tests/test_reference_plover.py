"""plover.csv says what the published tables give."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from analysis import reference
from analysis.errors import TightropeError
from analysis.paths import PROJECT
from analysis.reference import derive_plover_scores as derive
from analysis.reference import plover
from analysis.schema import PLOVER_TYPES, QUAD_CLASSES

SHARED = Path(os.environ.get("TIGHTROPE_SHARED_DATA", PROJECT.parent / "shared" / "data")) / "codes"
MAPPING, SCORES = SHARED / "CAMEO2PLOVER-2021.txt", SHARED / "CAMEO.goldsteinscale.txt"


@pytest.fixture
def published():
    if not (MAPPING.exists() and SCORES.exists()):
        pytest.skip(f"the published tables are not in {SHARED}; set TIGHTROPE_SHARED_DATA")
    return MAPPING.read_text(encoding="utf-8"), SCORES.read_text(encoding="utf-8")


def all_types():
    return {f"{i:03d}": plover_type for i, plover_type in enumerate(PLOVER_TYPES)}


def test_table_equals_a_fresh_derivation(published):
    types, scores = published
    fresh = derive.derive_plover_scores(derive.read_cameo_types(types), derive.read_goldstein(scores))
    pd.testing.assert_frame_equal(reference.load("plover"), fresh, check_dtype=False)


def test_command_line_prints_the_file(published, capsys):
    derive.main([str(MAPPING), str(SCORES)])
    assert capsys.readouterr().out == (reference.REFERENCE / "plover.csv").read_text(encoding="utf-8")


def test_command_line_wants_two_files():
    with pytest.raises(SystemExit, match="usage"):
        derive.main(["one"])


def test_scores_worked_by_hand():
    table = plover.plover_table().set_index("plover_type")
    # CONSULT: CAMEO 040 to 046. AID: 070 to 075. SUPPORT: 050 to 057. Scores of the published scale.
    assert table.at["CONSULT", "derived_score"] == round((1.0 + 1.0 + 1.9 + 2.8 + 2.5 + 5.0 + 7.0) / 7, 4) == 3.0286
    assert table.at["AID", "derived_score"] == round((7.0 + 7.4 + 8.3 + 7.4 + 8.5 + 7.0) / 6, 4) == 7.6
    assert (
        table.at["SUPPORT", "derived_score"] == round((3.5 + 3.4 + 3.5 + 3.8 + 6.0 + 7.0 + 7.0 + 8.0) / 8, 4) == 5.275
    )
    assert table.loc[["CONSULT", "AID", "SUPPORT"], "n_cameo_codes"].tolist() == [7, 6, 8]


def test_table_is_typed_and_its_signs_fit_the_quad_class():
    table = plover.plover_table()
    assert table["plover_type"].tolist() == list(PLOVER_TYPES)
    assert table["quad_class"].drop_duplicates().tolist() == [QUAD_CLASSES[i] for i in (0, 1, 2, 3)]
    assert table.dtypes[["is_material", "derived_score", "n_cameo_codes"]].tolist() == ["bool", "float64", "int64"]
    assert (table["is_material"] == table["quad_class"].str.startswith("material_")).all()
    assert (table["derived_score"].gt(0) == table["quad_class"].str.endswith("cooperation")).all()
    assert table["derived_score"].between(-10, 10).all()
    table["derived_score"] = 0.0
    assert (plover.plover_table()["derived_score"] != 0).all()


def test_headings_comments_and_repeats_do_not_count():
    text = "# 03: AGREE\n08: CONCEDE\n080: CONCEDE, ,  # Yield\n175: ASSAULT, x , y\n175: ASSAULT, x , y\n~~~~~"
    assert derive.read_cameo_types(text) == {"080": "CONCEDE", "175": "ASSAULT"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("084: RETREAT, ,\n084: CONCEDE, ,", "084 has two types, RETREAT and CONCEDE"),
        ("084 RETREAT, ,", "not a line of the conversion table"),
        ("08411: RETREAT, ,", "not a line of the conversion table"),
    ],
)
def test_faults_of_the_conversion_table(text, message):
    with pytest.raises(TightropeError, match=message):
        derive.read_cameo_types(text)


@pytest.mark.parametrize("line", ["040", "040\tmuch", "040,1.0"])
def test_faults_of_the_scale(line):
    with pytest.raises(TightropeError, match="not a code and its Goldstein score"):
        derive.read_goldstein(f"CAMEOEVENTCODE\tGOLDSTEINSCALE\n{line}\n")


def test_codes_without_a_score_are_left_out_and_said():
    types = all_types() | {"900": "CONSULT", "901": "CONSULT"}
    scores = dict.fromkeys(all_types(), 1.0) | {"900": 2.0}
    table = derive.derive_plover_scores(types, scores).set_index("plover_type")
    assert table.loc["CONSULT", ["derived_score", "n_cameo_codes"]].tolist() == ["1.5000", "2"]
    assert table.at["CONSULT", "reason"].endswith("901 left out, without a score")


def test_types_without_score_or_class_are_refused():
    with pytest.raises(TightropeError, match="no CAMEO code of AGREE has a Goldstein score"):
        derive.derive_plover_scores(all_types(), {})
    with pytest.raises(TightropeError, match="types without a quad class: HUG"):
        derive.derive_plover_scores(all_types() | {"999": "HUG"}, {})


def test_a_table_without_every_type_is_refused(monkeypatch):
    monkeypatch.setattr(plover, "load", lambda name: reference.load(name).iloc[1:])
    plover._plover_table.cache_clear()
    with pytest.raises(TightropeError, match="each PLOVER type once"):
        plover.plover_table()
