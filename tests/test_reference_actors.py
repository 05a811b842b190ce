"""Names resolve to the right actor or to none; every reviewed table keeps its invariants."""

from __future__ import annotations

import re
import time

import pandas as pd
import pycountry
import pytest
from babel import Locale
from hypothesis import example, given
from hypothesis import strategies as st

from analysis import reference
from analysis.errors import TightropeError, UnknownNameError
from analysis.paths import PROJECT, RAW, REFERENCE
from analysis.reference import actors
from analysis.reference.actors import (
    AmbiguousNameError,
    actors_table,
    comparison_set,
    resolve_actor,
    resolve_state,
)
from analysis.reference.names import fold_name, index_names
from analysis.schema import ACTOR_KINDS, ACTORS, PLOVER_TYPES, QUAD_CLASSES, ROLES

KNOWN = pd.read_csv(PROJECT / "tests" / "known_answers" / "actor_names.csv", dtype=str, keep_default_na=False)
CODE = re.compile(r"[A-Z][A-Z0-9_]*")
SPELLINGS = (str.upper, str.lower, lambda name: f"  {name} ", lambda name: name.replace("’", "'").replace("-", "–"))

# Key of each table owned here, and the columns that may be empty.
TABLES = {
    "states": (["iso3"], {"cow_number", "gw_number", "note"}),
    "organisations": (["actor_code"], {"state", "role"}),
    "aliases": (["alias"], set()),
    "ambiguous": (["name"], set()),
    "particles": (["particle", "language"], set()),
    "role_suffixes": (["suffix"], set()),
    "comparison_sets": (["set_name", "state"], set()),
    "plover_quad_classes": (["plover_type"], set()),
    "plover": (["plover_type"], set()),
}
ALLOWED = {
    ("organisations", "kind"): set(ACTOR_KINDS) - {"state"},
    ("organisations", "role"): {*ROLES, ""},
    ("role_suffixes", "role"): set(ROLES),
    ("particles", "language"): {"en", "fr"},
    ("plover_quad_classes", "plover_type"): set(PLOVER_TYPES),
    ("plover_quad_classes", "quad_class"): set(QUAD_CLASSES),
    ("plover", "is_material"): {"true", "false"},
}
CODE_COLUMNS = {"iso3", "iso2", "actor_code", "suffix", "role", "state", "plover_type"}


@pytest.fixture
def planted(monkeypatch):
    """Replace rows of a reference table, as a wrong edit of its file would."""

    def plant(name, extra):
        true_load = reference.load
        table = pd.concat([true_load(name), pd.DataFrame([extra])], ignore_index=True)
        monkeypatch.setattr(actors, "load", lambda asked: table if asked == name else true_load(asked))
        actors._directory.cache_clear()

    yield plant
    monkeypatch.undo()
    actors._directory.cache_clear()


@pytest.mark.parametrize(("name", "code", "note"), list(KNOWN.itertuples(index=False, name=None)))
def test_known_names(name, code, note):
    if code:
        assert resolve_actor(name).actor_code == code, note
    else:
        with pytest.raises(UnknownNameError):
            resolve_actor(name)


def test_known_answers_are_many_and_both_ways():
    assert (KNOWN["expected_code"] != "").sum() >= 120
    assert (KNOWN["expected_code"] == "").sum() >= 30
    assert (KNOWN["note"] != "").all()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_cldr_name_resolves_in_every_spelling(language):
    names = Locale.parse(language).territories
    for row in reference.load("states").itertuples():
        assert resolve_state(names[row.iso2]) == row.iso3
        assert [resolve_state(spell(names[row.iso2])) for spell in SPELLINGS] == [row.iso3] * len(SPELLINGS)
        assert resolve_state(fold_name(names[row.iso2])) == row.iso3


def test_iso_names_resolve_unless_declared_ambiguous():
    ambiguous = set(reference.load("ambiguous")["name"])
    names = [
        (getattr(country, field), country.alpha_3)
        for country in pycountry.countries
        for field in ("name", "common_name", "official_name")
        if getattr(country, field, None) and getattr(country, field) not in ambiguous
    ]
    assert len(names) > 400
    assert {name: resolve_state(name) for name, _ in names} == dict(names)


def test_two_letter_iso_codes_are_not_accepted():
    own = {code for code in actors_table()["actor_code"] if len(code) == 2} | {"UA"}
    for code in set(reference.load("states")["iso2"]) - own:
        with pytest.raises(UnknownNameError):
            resolve_actor(code)


def test_every_actor_in_the_facts_resolves():
    columns = {
        "actor1", "actor2", "third_parties", "state", "partner", "sender", "host", "organisation", "party_a", "party_b",
        "country", "destination", "investor_home", "state_a", "state_b",
    }  # fmt: skip
    files = sorted(RAW.glob("*.csv"))
    assert files
    names = {
        (path.name, name.strip())
        for path in files
        for column, values in pd.read_csv(path, dtype=str, keep_default_na=False).items()
        if column in columns
        for value in values
        for name in value.split(";")
        if name.strip()
    }
    unknown = []
    for file, name in sorted(names):
        try:
            resolve_actor(name)
        except UnknownNameError as error:
            unknown.append(f"{file}: {error}")
    assert len(names) > 150
    assert unknown == []


def test_a_code_stands_for_what_its_name_stands_for(monkeypatch):
    codes = reference.load("states")["iso3"].tolist()
    found = [actors._directory().find("actor", code) for code in codes]
    monkeypatch.setattr(actors, "_directory", None)  # no name is read for a code
    assert [resolve_actor(code) for code in codes] == found
    assert [resolve_state(code) for code in codes] == codes


def test_roles_come_from_the_suffix_or_the_actor():
    assert resolve_actor("MLI_MIL") == actors.ActorRef("MLI", "MIL", "MLI", "state")
    assert resolve_actor("fra_jrn").role == "MED"
    assert resolve_actor("TGO_OPPOSITION").role == "OPP"
    assert resolve_actor("ECOWAS_COURT") == actors.ActorRef("ECOWAS", "JUD", None, "organisation")
    assert resolve_actor("TGO").role is None
    assert resolve_actor("Jean-Pierre Fabre") == actors.ActorRef("JEAN_PIERRE_FABRE", "OPP", "TGO", "person")


def test_every_suffix_gives_its_role():
    for row in reference.load("role_suffixes").itertuples():
        assert resolve_actor(f"TGO_{row.suffix}").role == row.role


def test_unknown_names_say_what_is_near():
    with pytest.raises(UnknownNameError, match="unknown actor 'TOGOO'; did you mean 'Togo'"):
        resolve_actor("TOGOO")
    with pytest.raises(UnknownNameError, match="unknown role suffix of TGO 'MILL'; did you mean 'MIL'"):
        resolve_actor("TGO_MILL")


@pytest.mark.parametrize("name", ["AU", "Commonwealth", "JNIM", "TGO_MIL", "RFI", "World"])
def test_resolve_state_takes_states_only(name):
    resolve_actor(name)
    with pytest.raises(UnknownNameError, match="unknown state") as caught:
        resolve_state(name)
    assert not {"AU", "JNIM", "RFI"} & set(caught.value.near)


def test_ambiguous_names_say_what_they_may_mean():
    with pytest.raises(AmbiguousNameError, match=r"COD \(Congo - Kinshasa\) or COG \(Congo - Brazzaville\)") as caught:
        resolve_state("le Congo")
    assert caught.value.near == ["COD", "COG"]
    for row in reference.load("ambiguous").itertuples():
        assert len({resolve_state(code) for code in row.actor_codes.split(";")}) >= 2
        with pytest.raises(AmbiguousNameError):
            resolve_actor(row.name)


def test_actors_table_meets_the_schema():
    table = actors_table()
    pd.testing.assert_frame_equal(ACTORS.validate(table), table)
    by_code = table.set_index("actor_code")
    assert by_code.loc["TGO", ["cow_number", "gw_number"]].tolist() == [461, 461]
    assert by_code.loc["DEU", ["cow_number", "gw_number"]].tolist() == [255, 260]
    assert by_code.loc["CIV", ["name_en", "name_fr"]].tolist() == ["Côte d’Ivoire"] * 2
    assert by_code.loc["NAM", "name_fr"] == "Namibie"
    assert pd.isna(by_code.at["GUF", "cow_number"])
    assert pd.isna(by_code.at["ECOWAS", "state"])
    table.loc[:, "name_en"] = "spoilt"
    assert actors_table().loc[0, "name_en"] != "spoilt"


def test_home_states_and_kinds():
    table = actors_table().set_index("actor_code")
    states = table[table["kind"] == "state"]
    assert (states["state"] == states.index).all()
    homes = table["state"].dropna()
    assert set(homes) <= set(states.index)
    assert table.loc[table["kind"].isin(["organisation", "aggregate", "unknown"]), "state"].isna().all()
    assert table.loc[table["kind"].isin(["person", "firm"]), "state"].notna().all()
    expected = {"DAMIBA": "BFA", "KEMI_SEBA": "BEN", "STEEVE_ROUYAR": "FRA", "BARRICK": "CAN", "ORANO": "FRA"}
    assert {code: table.at[code, "state"] for code in expected} == expected


def test_comparison_sets():
    region = comparison_set("TGO")
    assert sorted(region) == ["BEN", "BFA", "CIV", "GHA", "GIN", "MLI", "NER", "NGA", "SEN", "TCD", "TGO"]
    assert comparison_set("TCD") == region
    assert "TGO" in comparison_set("LBR")
    assert comparison_set("LBR") != region
    assert comparison_set("FRA") == ()
    assert all(resolve_state(state) == state for state in reference.load("comparison_sets")["state"])


def test_the_index_is_built_quickly():
    resolve_actor("TGO")
    durations = []
    for _ in range(3):
        actors._directory.cache_clear()
        start = time.perf_counter()
        resolve_actor("TGO")
        durations.append(time.perf_counter() - start)
    assert min(durations) < 0.15


def test_two_actors_with_one_name_are_refused(planted):
    planted("aliases", {"alias": "Le TCHAD", "actor_code": "NER", "reason": "planted"})
    with pytest.raises(TightropeError, match="'Le TCHAD' names both TCD and NER"):
        resolve_actor("Togo")


def test_a_name_of_particles_alone_is_refused(planted):
    planted("aliases", {"alias": "de la", "actor_code": "NER", "reason": "planted"})
    with pytest.raises(TightropeError, match=r"'de la' \(NER\) has no word of its own"):
        resolve_actor("Togo")


def test_ambiguous_names_may_collide():
    assert index_names([("Congo", "COG"), ("Congo", "COD")], (), {"congo"}) == {}


@given(st.text())
@example("𝕬 ŉ ﬃ İ ＆")
def test_folding_twice_changes_nothing(text):
    particles = set(reference.load("particles")["particle"])
    once = fold_name(text, particles)
    assert fold_name(once, particles) == once


@given(st.text(max_size=12))
def test_any_text_gives_an_actor_or_an_unknown_name(text):
    try:
        found = resolve_actor(text).actor_code
    except UnknownNameError:
        found = None
    assert found is None or found in set(actors_table()["actor_code"])


@pytest.mark.parametrize("name", TABLES)
def test_every_column_of_every_table(name):
    key, optional = TABLES[name]
    table = reference.load(name)
    assert len(table)
    assert not table.duplicated(key).any()
    assert "reason" in table or "note" in table
    for column in table:
        values = table[column]
        assert (values == values.str.strip()).all(), column
        assert column in optional or (values != "").all(), column
        assert set(values) <= ALLOWED.get((name, column), set(values)), column
        if column in CODE_COLUMNS:
            assert values[values != ""].map(lambda code: bool(CODE.fullmatch(code))).all(), column


def test_every_table_of_the_folder_reads():
    names = sorted(path.stem for path in REFERENCE.glob("*.csv"))
    assert set(TABLES) <= set(names)
    for name in names:
        assert not reference.load(name).duplicated().any(), name


def test_states_hold_iso_3166():
    states = reference.load("states").set_index("iso3")
    assert set(states.index) - {country.alpha_3 for country in pycountry.countries} == {"XKX"}
    assert {c.alpha_3: c.alpha_2 for c in pycountry.countries} == states["iso2"].drop("XKX").to_dict()
    for column in ("iso2", "cow_number", "gw_number"):
        values = states.loc[states[column] != "", column]
        assert values.is_unique, column
    differ = states["cow_number"] != states["gw_number"]
    assert (states.loc[differ, "note"] != "").all()


def test_codes_do_not_clash_and_suffixes_do_not_hide_them():
    states, others = reference.load("states")["iso3"], reference.load("organisations")["actor_code"]
    assert not set(states) & set(others)
    for code in [*states, *others]:
        assert resolve_actor(code).actor_code == code


def test_aliases_name_known_actors_and_are_needed():
    aliases = reference.load("aliases")
    directory = actors._directory()
    assert set(aliases["actor_code"]) <= set(directory.actors)
    folded = aliases["alias"].map(lambda alias: fold_name(alias, directory.particles))
    others = actors_table().melt(value_vars=["actor_code", "name_en", "name_fr"])["value"]
    assert not set(folded) & {fold_name(name, directory.particles) for name in others}
    assert aliases.loc[folded.duplicated(keep=False) & ~aliases["alias"].isin(["UK", "U.K."]), "alias"].tolist() == []


def test_loading():
    table = reference.load("states")
    table.loc[:, "iso2"] = "spoilt"
    assert reference.load("states").set_index("iso3").at["NAM", "iso2"] == "NA"
    for name in ("statess", "../schema", "", "states.csv"):
        with pytest.raises(UnknownNameError, match="unknown reference table"):
            reference.load(name)
