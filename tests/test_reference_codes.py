"""States, scores and actors in the codes of event sources: every published value has its row, and the right one."""

from __future__ import annotations

import datetime
import subprocess
import sys
from itertools import pairwise

import pandas as pd
import pycountry
import pytest
from coded_files import acled, gdelt, icews, published, sides, ucdp, unmapped, values
from hypothesis import given
from hypothesis import strategies as st

from analysis import reference
from analysis.errors import TightropeError, UnknownNameError
from analysis.paths import PROJECT
from analysis.reference import coded_actors, codes
from analysis.reference import derive_cameo as derive
from analysis.reference.actors import resolve_state
from analysis.reference.codes import (
    ActorParts,
    code_table,
    convert_state,
    goldstein,
    leading_role,
    split_cameo_actor,
)
from analysis.reference.derive_plover_scores import read_cameo_types, read_goldstein
from analysis.reference.names import AmbiguousNameError
from analysis.schema import ACTOR_KINDS, PLOVER_TYPES, QUAD_CLASSES, ROLES

KNOWN = pd.read_csv(PROJECT / "tests" / "known_answers" / "state_codes.csv", dtype=str, keep_default_na=False)
SYSTEMS = ("fips", "iso2", "iso_numeric", "cameo", "icews_name", "acled_name", "ucdp_name")
DOMAINS = {"diplomatic", "military", "domestic", "judicial", "economic", "media", "humanitarian"}
SOURCES = {"gdelt", "icews", "polecat", "acled", "ucdp"}

# Key of each table, its columns, and those that may be empty.
TABLES = {
    "cameo": (
        ["cameo_code"],
        ["cameo_code", "plover_type", "quad_class", "goldstein_gdelt", "goldstein_icews", "domain", "reason"],
        {"plover_type", "goldstein_gdelt", "goldstein_icews", "domain"},
    ),
    "state_codes": (
        ["system", "code", "valid_from"],
        ["system", "code", "state", "valid_from", "valid_to", "reason"],
        {"state", "valid_from", "valid_to"},
    ),
    "actor_groups": (["code"], ["code", "actor_code", "kind", "reason"], {"actor_code"}),
    "actor_roles": (["source", "code"], ["source", "code", "role", "rank", "reason"], {"role"}),
    "event_types": (
        ["source", "code"],
        ["source", "code", "plover_type", "quad_class", "reason"],
        {"plover_type", "quad_class"},
    ),
    "polecat_contexts": (["context"], ["context", "domain", "reason"], {"domain"}),
}
ALLOWED = {
    ("cameo", "plover_type"): {*PLOVER_TYPES, ""},
    ("cameo", "quad_class"): set(QUAD_CLASSES),
    ("cameo", "domain"): {*DOMAINS, ""},
    ("state_codes", "system"): set(SYSTEMS),
    ("actor_groups", "kind"): set(ACTOR_KINDS),
    ("actor_roles", "source"): SOURCES,
    ("actor_roles", "role"): {*ROLES, ""},
    ("event_types", "source"): {"acled", "ucdp", "polecat"},
    ("event_types", "plover_type"): {*PLOVER_TYPES, ""},
    ("event_types", "quad_class"): {*QUAD_CLASSES, ""},
    ("polecat_contexts", "domain"): {*DOMAINS, ""},
}


def state_codes(system):
    table = reference.load("state_codes")
    return table[table["system"] == system]


def faults(name, table):
    """What is wrong with a code table, each as one line."""
    key, columns, optional = TABLES[name]
    found = [] if list(table) == columns else [f"columns {list(table)}"]
    found += [f"key twice: {row}" for row in table.loc[table.duplicated(key), key].itertuples(index=False, name=None)]
    for column in table:
        held = table[column]
        found += [f"{column}: space around {value!r}" for value in held[held != held.str.strip()]]
        if column not in optional and (held == "").any():
            found.append(f"{column}: empty")
        found += [f"{column}: {value!r}" for value in sorted(set(held) - ALLOWED.get((name, column), set(held)))]
    if name == "state_codes":
        found += date_faults(table) + state_faults(table)
    if name == "actor_groups":
        actors = {"", *reference.load("organisations")["actor_code"]}
        found += [f"actor_code: {code!r}" for code in sorted(set(table["actor_code"]) - actors)]
    return found


def date_faults(table):
    found = []
    for column in ("valid_from", "valid_to"):
        dated = table.loc[table[column] != "", column]
        found += [f"{column}: {text!r}" for text in dated if not is_day(text)]
    for (system, code), rows in table.groupby(["system", "code"]):
        spells = sorted((row.valid_from or "0000", row.valid_to or "9999") for row in rows.itertuples())
        found += [f"{system} {code}: ends before it begins" for first, last in spells if first > last]
        found += [f"{system} {code}: days overlap" for (_, last), (first, _) in pairwise(spells) if first <= last]
    return found


def is_day(text):
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def state_faults(table):
    known = {"", *reference.load("states")["iso3"], *reference.load("former_codes")["state"]}
    return [f"state: {code!r}" for code in sorted(set(table["state"]) - known)]


@pytest.mark.parametrize("name", TABLES)
def test_every_column_of_every_table(name):
    table = reference.load(name)
    assert len(table)
    assert faults(name, table) == []


def test_the_code_tables_are_these():
    assert set(TABLES) == set(codes.CODE_TABLES)


@pytest.mark.parametrize(
    ("name", "row", "fault"),
    [
        ("cameo", {"cameo_code": "042"}, "key twice"),
        ("cameo", {"plover_type": "HUG"}, "plover_type: 'HUG'"),
        ("cameo", {"reason": ""}, "reason: empty"),
        ("cameo", {"cameo_code": " 1999"}, "space around"),
        ("state_codes", {"state": "ZZZ"}, "state: 'ZZZ'"),
        ("state_codes", {"valid_from": "1990-13-01"}, "valid_from: '1990-13-01'"),
        ("state_codes", {"system": "fips", "code": "TO", "valid_from": "1990-01-01"}, "fips TO: days overlap"),
        ("state_codes", {"code": "Q", "valid_from": "1990-01-01", "valid_to": "1980-01-01"}, "ends before it begins"),
        ("actor_groups", {"actor_code": "CEDEAO"}, "actor_code: 'CEDEAO'"),
        ("actor_roles", {"role": "COP"}, "role: 'COP'"),
        ("event_types", {"quad_class": "material"}, "quad_class: 'material'"),
        ("polecat_contexts", {"domain": "sport"}, "domain: 'sport'"),
    ],
)
def test_a_planted_fault_is_found(name, row, fault):
    table = reference.load(name)
    fresh = {
        column: "planted" for column in TABLES[name][0] if (name, column) not in ALLOWED and column != "valid_from"
    }
    planted = pd.concat([table, pd.DataFrame([{**table.iloc[0], **fresh, **row}])], ignore_index=True)
    assert any(fault in line for line in faults(name, planted))


def test_a_missing_column_is_found():
    assert faults("cameo", reference.load("cameo").drop(columns="domain"))[0].startswith("columns")


@pytest.mark.parametrize(
    ("code", "source", "target", "on", "expected", "note"), list(KNOWN.itertuples(index=False, name=None))
)
def test_known_states(code, source, target, on, expected, note):
    day = on or None
    if expected == "error: unknown":
        with pytest.raises(UnknownNameError, match="unknown"):
            convert_state(code, source, target, day)
    elif expected == "error: ambiguous":
        with pytest.raises(AmbiguousNameError, match="it may mean"):
            convert_state(code, source, target, day)
    elif expected == "error: other days":
        with pytest.raises(TightropeError, match=rf"stood for .* not on {on}"):
            convert_state(code, source, target, day)
    else:
        assert convert_state(code, source, target, day) == (expected or None), note


def test_known_states_are_many_and_of_every_system():
    assert len(KNOWN) >= 100
    assert {*SYSTEMS, "cow", "gw", "iso3"} == set(KNOWN["source_system"])
    assert (KNOWN["note"] != "").all()


def test_unknown_systems_and_codes_say_what_is_near():
    with pytest.raises(UnknownNameError, match="unknown code system 'fip'; did you mean 'fips'"):
        convert_state("TO", "fip")
    with pytest.raises(UnknownNameError, match="unknown code system 'ISO3'"):
        convert_state("TO", "fips", "ISO3")
    with pytest.raises(UnknownNameError, match="unknown acled_name code 'Ivory Coasts'; did you mean 'Ivory Coast'"):
        convert_state("Ivory Coasts", "acled_name")
    with pytest.raises(TightropeError, match="not a day: 'yesterday'"):
        convert_state("TO", "fips", on="yesterday")


def test_a_day_may_be_a_date():
    assert convert_state("CS", "iso2", on=datetime.date(1990, 1, 1)) == "CSK"
    assert convert_state("CS", "iso2", on=pd.Timestamp("2006-06-04 23:00")) == "SCG"


def test_an_ambiguous_code_lists_its_meanings_with_their_days():
    with pytest.raises(AmbiguousNameError, match=r"YUG \(from 1992-04-27 to 2003-02-03\) or SCG") as caught:
        convert_state("YI", "fips")
    assert caught.value.near == ["YUG", "SCG"]


def test_iso_codes_are_all_there_and_right():
    two, number = ({row.code: row.state for row in state_codes(name).itertuples()} for name in ("iso2", "iso_numeric"))
    for country in pycountry.countries:
        current = convert_state(country.alpha_2, "iso2", on="2025-01-01")
        assert current == number[str(int(country.numeric))] == country.alpha_3
    assert {country.alpha_2 for country in pycountry.historic_countries} <= set(two) | {"FQ"}


@pytest.mark.parametrize("system", ["iso2", "iso_numeric"])
@pytest.mark.parametrize("on", [None, "2025-01-01"])
def test_there_and_back_again(system, on):
    for state in reference.load("states")["iso3"]:
        code = convert_state(state, "iso3", system, on)
        assert (code is None) == ((state, system) == ("XKX", "iso_numeric")), state
        if code:
            assert convert_state(code, system, on="2025-01-01") == state


@given(
    st.one_of(st.text(max_size=8), st.sampled_from(sorted(reference.load("state_codes")["code"]))),
    st.sampled_from((*SYSTEMS, "iso3", "cow", "gw")),
    st.sampled_from((*SYSTEMS, "iso3", "cow", "gw")),
    st.one_of(st.none(), st.dates(datetime.date(1800, 1, 1), datetime.date(2100, 1, 1))),
)
def test_any_code_gives_a_code_none_or_an_error_for_the_user(code, source, target, on):
    try:
        found = convert_state(code, source, target, on)
    except TightropeError as error:
        found = f"{error}"
    # A code, None, or a message that says what is wrong with which code.
    assert found is None or found in codes._meanings(target) or " code" in found


def test_every_place_code_of_the_files_has_its_row():
    places = values(gdelt(), "Actor1Geo_CountryCode", "Actor2Geo_CountryCode", "ActionGeo_CountryCode")
    assert len(places) == 178
    assert unmapped(places, set(state_codes("fips")["code"])) == {}


def test_every_country_code_of_gdelt_actors_has_its_row():
    countries = values(gdelt(), "Actor1CountryCode", "Actor2CountryCode")
    assert len(countries) == 169
    assert unmapped(countries, set(state_codes("cameo")["code"])) == {}


def test_every_country_name_of_the_files_has_its_row():
    names = values(icews(), "Source Country", "Target Country", "Country")
    assert len(names) == 151
    assert unmapped(names, set(state_codes("icews_name")["code"])) == {}
    assert unmapped(values(ucdp(), "country"), set(state_codes("ucdp_name")["code"])) == {}
    governments = values(ucdp(), "side_a", "side_b")
    named = {
        name.removeprefix("Government of "): count for name, count in governments.items() if "Government of" in name
    }
    assert named
    assert unmapped(named, set(state_codes("ucdp_name")["code"])) == {}
    assert unmapped(values(acled(), "country"), set(state_codes("acled_name")["code"])) == {}
    numbers = acled()["iso"].str.removesuffix(".0")
    assert {convert_state(number, "iso_numeric") for number in numbers} == {"ARG"}
    for number in values(ucdp(), "gwnoa", "gwnob").index:
        assert convert_state(number.removesuffix(".0"), "gw") in {"NGA", "CMR"}


def test_countries_in_icews_actor_names_are_known_or_no_states():
    (file,) = published("icews", "*.txt")
    rows = pd.read_csv(file, sep="\t", header=None, dtype=str, keep_default_na=False, quoting=3)
    named = values(rows[[0, 2]].apply(lambda names: names.str.extract(r"\(([^()]*)\)$")[0]).fillna(""), 0, 2)
    strangers = unmapped(named, set(state_codes("icews_name")["code"]))
    assert len(named) - len(strangers) > 140
    for name in strangers:
        with pytest.raises(UnknownNameError):
            resolve_state(name)


def test_places_lie_in_the_state_of_their_code():
    """GDELT ends a place's name with its country: wherever that is a name we know, it is the code's state."""
    states = state_codes("fips").drop_duplicates("code").set_index("code")["state"]
    places = pd.concat(
        [
            gdelt()[[f"{actor}Geo_FullName", f"{actor}Geo_CountryCode"]].set_axis(["name", "code"], axis=1)
            for actor in ("Actor1", "Actor2", "Action")
        ]
    )
    places = places.assign(country=places["name"].str.rsplit(",").str[-1].str.strip())
    counts = places[places["code"] != ""].groupby(["code", "country"]).size()
    agreeing, disagreeing = 0, []
    for (code, country), count in counts.items():
        try:
            state = resolve_state(country)
        except UnknownNameError:
            continue
        agreeing += count if state == states[code] else 0
        disagreeing += [] if state == states[code] else [(code, country)]
    assert disagreeing == []
    assert agreeing == 121_071


def test_gdelt_actors_named_as_states_have_that_state_but_for_dependencies():
    states = state_codes("cameo").drop_duplicates("code", keep="last").set_index("code")["state"]
    actors = sides(gdelt(), "Name", "CountryCode")
    counts = actors[actors["CountryCode"] != ""].groupby(["CountryCode", "Name"]).size()
    disagreeing = {}
    for (code, name), count in counts.items():
        try:
            state = resolve_state(name.title())
        except UnknownNameError:
            continue
        if state != states[code]:
            disagreeing[code, name] = count
    # GDELT files dependencies under the state that holds them, and Western Sahara under Morocco.
    assert disagreeing == {
        ("FRA", "MARTINIQUE"): 3,
        ("FRA", "NEW CALEDONIA"): 1,
        ("GBR", "GIBRALTAR"): 1,
        ("MAR", "WESTERN SAHARA"): 48,
        ("USA", "JERSEY"): 4,
        ("USA", "PUERTO RICO"): 8,
    }


def test_every_score_of_the_files_is_that_of_the_table():
    table = code_table("cameo").set_index("cameo_code")
    rows = gdelt()
    assert unmapped(values(rows, "EventCode"), set(table.index)) == {}
    expected = rows["EventCode"].map(table["goldstein_gdelt"])
    assert len(rows) == 44_505
    assert (rows["GoldsteinScale"].astype(float) == expected).all()
    rows = icews()
    assert unmapped(values(rows, "CAMEO Code"), set(table.index)) == {}
    assert len(rows) == 3_705
    assert (rows["Intensity"].astype(float) == rows["CAMEO Code"].map(table["goldstein_icews"])).all()


def test_the_scales_differ_at_four_codes():
    table = code_table("cameo").set_index("cameo_code")
    both = table.dropna(subset=["goldstein_gdelt", "goldstein_icews"])
    differing = both[both["goldstein_gdelt"] != both["goldstein_icews"]]
    assert differing[["goldstein_gdelt", "goldstein_icews"]].to_numpy().tolist() == [
        [-2.0, -5.0], [3.2, 3.4], [-7.0, -6.5], [-6.5, -7.0],
    ]  # fmt: skip
    assert differing.index.tolist() == ["016", "022", "164", "165"]
    assert table.index[table["goldstein_gdelt"].isna()].tolist() == ["106", "1213", "1214"]
    assert table.index[table["goldstein_icews"].isna()].tolist() == ["1214"]


def test_quad_classes_are_those_of_gdelt_but_at_investigations_and_protests():
    """GDELT counts root 09 as material cooperation and 14 as verbal conflict, in every row at hand."""
    classes = code_table("cameo").set_index("cameo_code")["quad_class"]
    rows = gdelt()
    ours = rows["EventCode"].map(classes)
    theirs = rows["QuadClass"].map(dict(zip("1234", QUAD_CLASSES, strict=True)))
    differing = rows[ours != theirs]
    assert set(differing["EventRootCode"]) == {"09", "14"}
    assert len(differing) == rows["EventRootCode"].isin(["09", "14"]).sum() == 381
    assert set(theirs[rows["EventRootCode"] == "09"]) == {"material_cooperation"}
    assert set(theirs[rows["EventRootCode"] == "14"]) == {"verbal_conflict"}


def test_codes_keep_their_leading_zeros_in_every_file():
    rows = gdelt()
    assert rows["EventCode"].str.fullmatch(r"\d{3,4}").all()
    assert (rows["EventCode"].str[:2] == rows["EventRootCode"]).all()
    assert (rows["EventCode"].str[:3] == rows["EventBaseCode"]).all()
    assert (rows.loc[rows["file"].str.startswith("bq"), "EventCode"].str[0] == "0").any()


@pytest.mark.parametrize(
    ("code", "source", "expected"),
    [
        ("020", "gdelt", 3.0),
        ("20", "gdelt", -10.0),
        ("042", "icews", 1.9),
        ("106", "gdelt", None),
        ("106", "icews", -5.0),
    ],
)
def test_goldstein(code, source, expected):
    assert goldstein(code, source) == expected


def test_goldstein_refuses_what_it_does_not_know():
    with pytest.raises(UnknownNameError, match="unknown CAMEO code '70'"):
        goldstein("70", "gdelt")
    with pytest.raises(UnknownNameError, match="accepted: gdelt, icews"):
        goldstein("070", "acled")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("TGOGOV", ActorParts("TGO", None, ("GOV",))),
        ("NGAMILREB", ActorParts("NGA", None, ("MIL", "REB"))),
        ("GOV", ActorParts(None, None, ("GOV",))),
        ("PTY", ActorParts(None, None, ("PTY",))),
        ("IGOWAFBUSWAS", ActorParts("WAF", "WAS", ("IGO", "BUS"))),
        ("IGOAFRAFU", ActorParts("AFR", "AFU", ("IGO",))),
        ("IGOUNODEVWBK", ActorParts(None, "WBK", ("IGO", "DEV"))),
        ("IGOUNOREFHCR", ActorParts(None, "HCR", ("IGO", "REF"))),
        ("IGOEUREEC", ActorParts("EUR", "EEC", ("IGO",))),
        ("AFGINSTAL", ActorParts("AFG", "TAL", ("INS",))),
        ("MNCUSAMED", ActorParts("USA", None, ("MNC", "MED"))),
        ("BENben", ActorParts("BEN", None, (), ("ben",))),
        ("ben", ActorParts(None, None, (), ("ben",))),
        ("CHRMARREL", ActorParts(None, None, ("REL",), ("CHR", "MAR"))),
        ("CHRPRO210", ActorParts(None, None, (), ("CHR", "PRO", "210"))),
        ("UISWAFGOV", ActorParts("WAF", None, ("UIS", "GOV"))),
        ("WAF", ActorParts("WAF", None)),
        ("IGO", ActorParts(None, None, ("IGO",))),
    ],
)
def test_actor_codes_part(code, expected):
    assert split_cameo_actor(code) == expected


@pytest.mark.parametrize("code", ["", "TG", "TGOGO", "TGO GOV"])
def test_what_is_no_actor_code_is_refused(code):
    with pytest.raises(TightropeError, match="not a CAMEO actor code"):
        split_cameo_actor(code)


def test_nothing_of_an_actor_code_is_lost():
    for code in values(gdelt(), "Actor1Code", "Actor2Code").index:
        parts = split_cameo_actor(code)
        single = [part for part in (parts.country,) if part]
        rest = [code[place : place + 3] for place in range(0, len(code), 3)]
        for part in [*single, *parts.roles, *parts.others]:
            rest.remove(part)
        groups = set(reference.load("actor_groups")["code"])
        assert set(rest) <= groups
        assert (parts.group in rest) if rest else parts.group is None


def test_actor_codes_part_as_gdelt_itself_parts_them():
    rows = sides(gdelt(), "Code", "CountryCode", "KnownGroupCode", "Type1Code", "Type2Code", "Type3Code")
    rows = rows[rows["Code"] != ""].drop_duplicates()
    differing = {}
    for row in rows.itertuples(index=False):
        parts = split_cameo_actor(row.Code)
        if (parts.country or "") != row.CountryCode:
            differing[row.Code] = (parts.country, row.CountryCode)
        if row.KnownGroupCode:
            assert parts.group is not None, row.Code
        assert {row.Type1Code, row.Type2Code, row.Type3Code} - {""} <= set(parts.roles), row.Code
    # GDELT takes the Maronites for Morocco and keeps the republic of SCG; and its list lacks some codes that it writes.
    assert differing.pop("SCGSRB") == ("SCG", "SRB")
    assert {differing.pop(code) for code in ("CHRMARCHR", "CHRMARREL")} == {(None, "MAR")}
    assert set(differing.values()) == {("GME", ""), ("GMW", ""), ("ROU", ""), ("SSD", ""), ("TWN", "")}


def test_every_group_and_role_of_gdelt_has_its_row():
    rows = gdelt()
    groups, roles = reference.load("actor_groups"), reference.load("actor_roles")
    known = set(roles.loc[roles["source"] == "gdelt", "code"])
    columns = [f"Actor{side}Type{number}Code" for side in (1, 2) for number in (1, 2, 3)]
    assert unmapped(values(rows, *columns), known) == {}
    assert unmapped(values(rows, "Actor1KnownGroupCode", "Actor2KnownGroupCode"), set(groups["code"])) == {}


def test_what_no_table_knows_of_actor_codes_is_faith_or_people():
    """Whatever stands in capitals in an actor code and in no table is a code of religion, by GDELT's own columns."""
    rows = gdelt()
    # A territory after its state (FRAMTQ), a republic (SCGSRB), and a region after a broadcaster's roles (USAGOVMEDSEA).
    dependencies = {"GIB", "MTQ", "NCL", "PRI", "SEA", "SRB"}
    religions = set(values(rows, *[f"Actor{side}Religion{number}Code" for side in (1, 2) for number in (1, 2)]).index)
    left = {
        part
        for code in values(rows, "Actor1Code", "Actor2Code").index
        for part in split_cameo_actor(code).others
        if part.isupper() and part not in religions
    }
    # Denominations under CHR, ADR and ABR, among them the Maronites.
    assert left - dependencies == {"ABR", "ANG", "MAR", "OFF", "SYN"}
    assert left & dependencies == dependencies


def test_countries_groups_and_roles_do_not_share_codes():
    countries, generic, groups, roles = coded_actors._actor_codes()
    regions = set(state_codes("cameo").query("state == ''")["code"])
    assert generic == {"IGO", "NGO", "NGM", "IMG", "MNC", "INT", "UIS", "PKO"}
    assert not countries & roles
    assert not groups & roles
    assert not countries & groups
    table = reference.load("actor_groups").set_index("code")
    assert set(table.index[table["kind"] == "aggregate"]) == regions - {"ANT"}


def test_organisations_are_ours_where_we_have_them():
    groups = reference.load("actor_groups").set_index("code")["actor_code"]
    expected = {"WAS": "ECOWAS", "AFU": "AU", "OAU": "AU", "UNO": "UN", "EEC": "EU", "UEM": "UEMOA", "WBK": "WB",
                "IMF": "IMF", "ITP": "INTERPOL", "CSS": "CENSAD", "CWN": "COMMONWEALTH", "OIC": "OIC", "ICC": "ICC",
                "NAT": "", "ECA": "", "CFA": ""}  # fmt: skip
    assert groups[list(expected)].to_dict() == expected


@pytest.mark.parametrize(
    ("listed", "source", "role"),
    [
        (["GOV", "MIL"], "gdelt", "GOV"),
        (["MIL", "JUD"], "gdelt", "JUD"),
        (["ELI", "REB"], "gdelt", "REB"),
        (["OPP", "PTY"], "gdelt", "OPP"),
        (["GOV", "PTY"], "gdelt", "PTY"),
        (["IGO", "BUS", "GOV"], "gdelt", None),
        (["MED"], "gdelt", "MED"),
        (["MED"], "polecat", "CVL"),
        (["JRN"], "polecat", "MED"),
        (["UIS"], "gdelt", None),
        ([], "gdelt", None),
        (["1"], "acled", "MIL"),
        (["External/Other forces"], "acled", None),
        (["civilians"], "ucdp", "CVL"),
    ],
)
def test_roles_by_rank(listed, source, role):
    assert leading_role(listed, source) == role
    assert leading_role(reversed(listed), source) == role


def test_roles_refuse_what_they_do_not_know():
    with pytest.raises(UnknownNameError, match="unknown source of roles 'gdlet'; did you mean 'gdelt'"):
        leading_role(["GOV"], "gdlet")
    with pytest.raises(UnknownNameError, match="unknown icews role 'Goverment'; did you mean 'Government'"):
        leading_role(["Goverment"], "icews")


def test_code_tables_are_typed_copies():
    table = code_table("actor_roles")
    assert table["rank"].dtype == "int64"
    table.loc[:, "role"] = "spoilt"
    assert "spoilt" not in set(code_table("actor_roles")["role"])
    assert code_table("cameo")["goldstein_icews"].dtype == "float64"
    with pytest.raises(UnknownNameError, match="unknown code table 'states'; did you mean"):
        code_table("states")


@pytest.fixture
def published_scales():
    names = ("CAMEO2PLOVER-2021.txt", "CAMEO.goldsteinscale.txt", "icews_goldstein_mappings.csv.gz")
    return [published("codes", name)[0] for name in names]


def test_cameo_equals_a_fresh_derivation(published_scales):
    conversion, scale, icews_scale = published_scales
    text = conversion.read_text(encoding="utf-8")
    fresh = derive.derive_cameo(
        derive.read_cameo_headings(text) | read_cameo_types(text),
        derive.read_cameo_contexts(text),
        read_goldstein(scale.read_text(encoding="utf-8")),
        derive.read_icews_scores(icews_scale),
    )
    pd.testing.assert_frame_equal(reference.load("cameo"), fresh, check_dtype=False)


def test_command_line_prints_cameo(published_scales, capsys):
    derive.main([str(path) for path in published_scales])
    assert capsys.readouterr().out == (reference.REFERENCE / "cameo.csv").read_text(encoding="utf-8")
    with pytest.raises(SystemExit, match="usage"):
        derive.main(["one", "two"])


def test_derivation_runs_as_a_module(published_scales):
    command = [sys.executable, "-m", "analysis.reference.derive_cameo", *map(str, published_scales)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT)
    assert run.stdout.startswith("cameo_code,plover_type,quad_class,")


def test_headings_have_a_type_where_they_have_one():
    table = code_table("cameo").set_index("cameo_code")
    headings = table[table.index.str.len() == 2]["plover_type"]
    assert len(headings) == 20
    assert headings[headings == ""].index.tolist() == ["01", "02", "08"]
    assert headings[["17", "19", "20"]].tolist() == ["COERCE", "ASSAULT", "ASSAULT"]
    assert table.loc[["163", "1712", "191", "084", "080"], "plover_type"].tolist() == [
        "COERCE", "ASSAULT", "COERCE", "RETREAT", "CONCEDE",
    ]  # fmt: skip


def test_types_and_classes_part_only_at_concessions():
    classes = reference.load("plover_quad_classes").set_index("plover_type")["quad_class"]
    table = code_table("cameo")
    typed = table[table["plover_type"] != ""]
    parted = typed[typed["plover_type"].map(classes) != typed["quad_class"]]
    assert set(parted["plover_type"]) == {"CONCEDE"}
    assert parted["reason"].str.contains("PLOVER says verbal_cooperation").all()


def test_reasons_say_where_gdelt_and_the_scales_part():
    reasons = code_table("cameo").set_index("cameo_code")["reason"]
    assert "GDELT and ICEWS score it differently" in reasons["016"]
    assert "no score published by GDELT or ICEWS" in reasons["1214"]
    assert "the files of GDELT say material_cooperation" in reasons["090"]
    assert "several domains" in reasons["094"]
    assert "no one domain" in reasons["171"]


@pytest.mark.parametrize("code", ["21", "00", "0", "20x", ""])
def test_what_has_no_root_has_no_quad_class(code):
    with pytest.raises(TightropeError, match="not a CAMEO code"):
        derive.quad_class_of(code)


def test_faults_of_the_published_tables(tmp_path):
    with pytest.raises(TightropeError, match="091 has a context that is not known: sport"):
        derive.read_cameo_contexts("091: ACCUSE, investigate, crime; sport # x")
    with pytest.raises(TightropeError, match="types without a quad class: HUG"):
        derive.derive_cameo({"091": "HUG"}, {}, {}, {})
    path = tmp_path / "scale.csv"
    path.write_text("code,score\n010,1\n", encoding="utf-8")
    with pytest.raises(TightropeError, match="no columns code and goldstein"):
        derive.read_icews_scores(path)
    path.write_text("code,goldstein\n010,1\nx,2\n011,\n", encoding="utf-8")
    with pytest.raises(TightropeError, match="not a code and its Goldstein score: x, 011"):
        derive.read_icews_scores(path)


def test_mixed_up_fields_give_no_context():
    text = "175: ASSAULT, pro_autocracy , military # x\n176: ASSAULT, beat, military # y"
    assert derive.read_cameo_contexts(text) == {"175": (), "176": ("military",)}
