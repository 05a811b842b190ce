"""Event types, roles and contexts of every source: each published value has its row, each judgement its reason."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from coded_files import acled, gdelt, icews, ucdp, unmapped, values

from analysis import reference
from analysis.reference.codes import code_table, leading_role
from analysis.schema import PLOVER_TYPES, QUAD_CLASSES, ROLES

# ACLED codebook: six event types and 25 sub-event types, no name of which stands under two of them.
SUB_EVENTS = {
    "Battles": ["Government regains territory", "Non-state actor overtakes territory", "Armed clash"],
    "Protests": ["Excessive force against protesters", "Protest with intervention", "Peaceful protest"],
    "Riots": ["Violent demonstration", "Mob violence"],
    "Explosions/Remote violence": [
        "Chemical weapon", "Air/drone strike", "Suicide bomb", "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED", "Grenade",
    ],
    "Violence against civilians": ["Sexual violence", "Attack", "Abduction/forced disappearance"],
    "Strategic developments": [
        "Agreement", "Arrests", "Change to group/activity", "Disrupted weapons use", "Headquarters or base established",
        "Looting/property destruction", "Non-violent transfer of territory", "Other",
    ],
}  # fmt: skip
# The contexts of the POLECAT codebook.
CONTEXTS = [
    "military",
    "intelligence",
    "executive",
    "legislative",
    "election",
    "political_institutions",
    "pro-democracy",
    "pro-autocracy",
    "economic",
    "legal",
    "reparations",
    "human_rights",
    "rights_freedoms",
    "repression",
    "human_security",
    "gender",
    "lgbt",
    "religion_ethnicity",
    "inequality",
    "diplomatic",
    "territory",
    "peacekeeping",
    "health",
    "asylum",
    "migration",
    "disasters",
    "natural_resources",
    "environment",
    "technology",
    "terrorism",
    "cbrn",
    "cyber",
    "misinformation",
    "crime",
    "corruption",
    "illegal_drugs",
    "trafficking",
]
SECTORS = [
    "GOV",
    "JUD",
    "LEG",
    "MIL",
    "COP",
    "OPP",
    "PTY",
    "REB",
    "PRM",
    "SPY",
    "UAF",
    "CVL",
    "ELI",
    "BUS",
    "EDU",
    "MED",
    "LAB",
    "AGR",
    "JRN",
    "REF",
    "REL",
    "SOC",
    "CRM",
    "IGO",
    "NGO",
    "ISM",
    "IMG",
    "MNC",
]


def types_of(source):
    table = code_table("event_types")
    return table[table["source"] == source].set_index("code")


def roles_of(source):
    table = code_table("actor_roles")
    return table[table["source"] == source].set_index("code")


def rank_faults(table):
    """Sources whose ranks do not decide every list: they must run from 1, each once."""
    return [source for source, rows in table.groupby("source") if sorted(rows["rank"]) != list(range(1, len(rows) + 1))]


def test_every_type_of_the_files_has_its_row():
    assert unmapped(values(acled(), "sub_event_type", "event_type"), set(types_of("acled").index)) == {}
    assert unmapped(values(ucdp(), "type_of_violence").rename(lambda code: code.removesuffix(".0")), "123") == {}


def test_acled_types_are_those_of_the_codebook():
    subs = [sub for listed in SUB_EVENTS.values() for sub in listed]
    assert len(subs) == len(set(subs)) == 25
    assert set(types_of("acled").index) == {*SUB_EVENTS, *subs}


@pytest.mark.parametrize("event_type", [name for name in SUB_EVENTS if name != "Strategic developments"])
def test_acled_types_of_violence_and_protest_are_material_conflict(event_type):
    rows = types_of("acled").loc[[event_type, *SUB_EVENTS[event_type]]]
    assert set(rows["quad_class"]) == {"material_conflict"}
    assert set(rows["plover_type"]) <= {"ASSAULT", "PROTEST"}


def test_acled_judgements():
    rows = types_of("acled")["plover_type"]
    expected = {
        "Peaceful protest": "PROTEST",
        "Protest with intervention": "PROTEST",
        "Excessive force against protesters": "ASSAULT",
        "Violent demonstration": "PROTEST",
        "Mob violence": "ASSAULT",
        "Agreement": "AGREE",
        "Arrests": "COERCE",
        "Looting/property destruction": "COERCE",
        "Change to group/activity": "",
        "Disrupted weapons use": "",
        "Headquarters or base established": "",
        "Non-violent transfer of territory": "",
        "Other": "",
        "Strategic developments": "",
    }
    assert rows[list(expected)].to_dict() == expected


def test_ucdp_is_force():
    rows = types_of("ucdp")
    assert rows.index.tolist() == ["1", "2", "3"]
    assert set(rows["plover_type"]) == {"ASSAULT"}
    assert rows["reason"].is_unique


def test_polecat_types_are_plovers_own():
    rows = types_of("polecat")
    own = rows.loc[list(PLOVER_TYPES)]
    assert (own["plover_type"] == own.index).all()
    assert rows.at["DEMAND", "plover_type"] == "REQUEST"
    assert rows.loc[["1", "2", "3", "4"], "quad_class"].tolist() == list(QUAD_CLASSES)
    assert rows.loc[["1", "VERBAL COOPERATION"], "plover_type"].tolist() == ["", ""]


def test_a_type_has_the_class_that_plover_gives_it():
    table = code_table("event_types")
    classes = reference.load("plover_quad_classes").set_index("plover_type")["quad_class"]
    typed = table[table["plover_type"] != ""]
    assert (typed["plover_type"].map(classes) == typed["quad_class"]).all()
    untyped = table[table["plover_type"] == ""]
    assert set(untyped.loc[untyped["source"] == "acled", "quad_class"]) == {""}


def test_contexts_are_those_of_the_codebook_and_of_cameo():
    table = code_table("polecat_contexts").set_index("context")["domain"]
    assert len(CONTEXTS) == 37
    assert set(CONTEXTS) <= set(table.index)
    assert set(table.index) - set(CONTEXTS) == {
        "democracy", "humanitarian", "pro_autocracy", "pro_democracy", "future", "historical", "hypothetical", "negation",
    }  # fmt: skip
    assert table[table == ""].index.tolist() == ["human_security", "historical", "future", "hypothetical", "negation"]
    assert table["pro-democracy"] == table["pro_democracy"] == table["democracy"] == "domestic"
    assert table.index.str.fullmatch(r"[a-z][a-z_-]*").all()


def test_domains_of_cameo_are_domains_of_contexts():
    domains = set(code_table("polecat_contexts")["domain"])
    table = code_table("cameo").set_index("cameo_code")["domain"]
    assert set(table) <= domains
    assert table[["071", "072", "073", "075", "1053", "091", "094", "175", "041", "020"]].tolist() == [
        "economic", "military", "humanitarian", "humanitarian", "judicial", "judicial", "", "", "", "",
    ]  # fmt: skip


def test_curated_domains_are_among_them():
    path = reference.REFERENCE.parents[1] / "data" / "raw" / "togo_events.csv"
    curated = set(pd.read_csv(path, dtype=str, keep_default_na=False)["domain"])
    assert curated <= set(code_table("polecat_contexts")["domain"])


def test_ranks_decide_every_list():
    table = code_table("actor_roles")
    assert rank_faults(table) == []
    assert set(table["role"]) - {""} == set(ROLES)
    tied = table.assign(rank=table["rank"].where(table["code"] != "GOV", 1))
    assert rank_faults(tied) == ["gdelt", "polecat"]


def test_every_role_of_the_files_has_its_row():
    rows = gdelt()
    columns = [f"Actor{side}Type{number}Code" for side in (1, 2) for number in (1, 2, 3)]
    assert unmapped(values(rows, *columns), set(roles_of("gdelt").index)) == {}
    lists = values(icews(), "Source Sectors", "Target Sectors")
    words = {word.strip() for listed in lists.index for word in listed.split(",")}
    assert words == set(roles_of("icews").index)
    numbers = values(acled(), "inter1", "inter2").rename(lambda code: code.removesuffix(".0"))
    assert unmapped(numbers, {*roles_of("acled").index, "0"}) == {}
    assert set(SECTORS) <= set(roles_of("polecat").index)


@pytest.mark.parametrize(
    ("listed", "role"),
    [
        ("General Population / Civilian / Social,Social", "CVL"),
        ("Government,Executive Office,Executive", "GOV"),
        ("Police,Government", "GOV"),
        ("Military,Government", "MIL"),
        ("Military Intelligence,Government,Military", "MIL"),
        ("Government,Marines,Executive,Defense / Security Ministry,Military", "GOV"),
        ("Legislative / Parliamentary,Government", "LEG"),
        ("Foreign Ministry,Executive,Judicial,Government", "GOV"),
        ("Government,Judicial", "JUD"),
        ("Parties,Opposition Major Party (Out Of Government),(National) Major Party", "OPP"),
        ("Parties,Government Major Party (In Government),(National) Major Party", "PTY"),
        ("Dissident,Protestors / Popular Opposition / Mobs", "CVL"),
        ("Dissident,Criminals / Gangs", "CVL"),
        ("Insurgents,Muslim,Dissident,International Religious", "REB"),
        ("Unidentified Forces", "REB"),
        ("Executive,Government,State Media,Information / Communication / Transparency Ministry", "MED"),
        ("Social,Media,Government", "GOV"),
        ("News,Media,Social", "MED"),
        ("Business,Social", "BUS"),
        ("Elite", "ELI"),
        ("Elite,Government", "GOV"),
        ("International Government Organization,Regional Diplomatic IGOs,Regional", None),
        ("International Government Organization,Regional,Center Left,(National) Major Party,Parties", None),
        ("Nongovernmental Organization (International),Human Rights NGOs,Human Rights IGOs", "CVL"),
        ("Unspecified", None),
    ],
)
def test_lists_of_icews_sectors(listed, role):
    words = listed.split(",")
    assert leading_role(words, "icews") == role
    assert leading_role(sorted(words), "icews") == role


def test_most_icews_actors_with_sectors_have_a_role():
    lists = values(icews(), "Source Sectors", "Target Sectors")
    roles = {listed: leading_role([word.strip() for word in listed.split(",")], "icews") for listed in lists.index}
    without = {listed: int(count) for listed, count in lists.items() if roles[listed] is None}
    assert all(re.search("International Government Organization|Unspecified|Religious|Ethnic|Ideological|Local", listed)
               for listed in without)  # fmt: skip
    assert 1 - sum(without.values()) / lists.sum() > 0.9


def test_medicine_and_media_are_told_apart():
    assert roles_of("gdelt").loc[["MED", "HLH"], "role"].tolist() == ["MED", "CVL"]
    assert roles_of("polecat").loc[["MED", "JRN"], "role"].tolist() == ["CVL", "MED"]
    assert roles_of("acled").loc[["6", "Protesters"], "role"].tolist() == ["CVL", "CVL"]
