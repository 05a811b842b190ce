"""Ties: what each file's rows become, what merges, what differs, and that no row is lost."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest

from analysis import reference
from analysis.cleaning.tie_choices import DECISIONS
from analysis.cleaning.tie_rows import mission_forms, parse_size
from analysis.cleaning.ties import clean_ties, find_conflicts
from analysis.errors import TightropeError, UnknownNameError
from analysis.paths import RAW, REFERENCE
from analysis.schema import TIES
from analysis.sources.curated import read_curated

FILES = [
    f"{stem}.csv"
    for stem in ("memberships", "memberships2", "missions", "missions2", "agreements", "deployments", "economic_ties")
]
CHOICE_COLUMNS = ["file", "line", "expected", "decision", "chosen_file", "chosen_line", "chosen_expected", "reason"]
NO_CHOICES = pd.DataFrame(columns=CHOICE_COLUMNS)
STATES = ("TGO", "BEN", "MLI", "BFA", "NER", "FRA", "RUS", "USA")


@dataclass(frozen=True)
class Actor:
    """What the stub resolver gives."""

    actor_code: str
    kind: str


def resolve(name: str) -> Actor:
    """The planted rows name these actors alone."""
    if name not in (*STATES, "ECOWAS", "AES", "EU"):
        raise UnknownNameError("actor", name, STATES)
    return Actor(name, "state" if name in STATES else "organisation")


def resolve_any(name: str) -> Actor:
    """The facts name many organisations, whose aliases are tested elsewhere."""
    organisations = {"AES", "OIF", "OIC", "ICC", "IMF", "WLD", "EU"}
    return Actor(name, "state" if len(name) == 3 and name.isupper() and name not in organisations else "organisation")


def frame(name: str, *rows: dict[str, str]) -> dict[str, pd.DataFrame]:
    """Raw rows as the reader gives them."""
    return {name: pd.DataFrame([{**row, "file": name, "line": line} for line, row in enumerate(rows, start=2)])}


def membership(**cells: str) -> dict[str, str]:
    plain = {"state": "TGO", "organisation": "ECOWAS", "start": "1975-05-28", "end": "", "status": "member"}
    return plain | {"source_url": "https://example.org", "note": ""} | cells


def mission(**cells: str) -> dict[str, str]:
    plain = {"state": "TGO", "sender": "RUS", "mission_type": "embassy", "city": "Lome", "status": "open", "since": ""}
    return plain | {"until": "", "source_outlet": "RT", "source_url": "", "source_date": "", "note": ""} | cells


def figure(**cells: str) -> dict[str, str]:
    plain = {"tie_id": "ET001", "state": "TGO", "partner": "FRA", "kind": "import", "year": "2023", "value": "225"}
    more = {
        "unit": "million EUR",
        "sector": "goods",
        "source_outlet": "",
        "source_url": "",
        "source_date": "",
        "note": "",
    }
    return plain | more | cells


def agreement(**cells: str) -> dict[str, str]:
    plain = {"party_a": "RUS", "party_b": "TGO", "title": "Military cooperation", "signed": "2025-03", "in_force": ""}
    return plain | {"terminated": "", "source_url": "", "note": ""} | cells


def deployment(**cells: str) -> dict[str, str]:
    plain = {"host": "NER", "sender": "FRA", "start": "2013", "end": "2023-12-22", "size": "1400-1500"}
    return plain | {"site": "Niamey", "source_url": "", "note": ""} | cells


def choice(**cells: str) -> dict[str, str]:
    return dict.fromkeys(CHOICE_COLUMNS, "") | {"file": "m.csv", "line": "2", "reason": "the later page"} | cells


def clean(raw: dict[str, pd.DataFrame], *choices: dict[str, str]) -> Any:
    return clean_ties(raw, resolve, pd.DataFrame(choices, columns=CHOICE_COLUMNS))


def sums(raw: dict[str, pd.DataFrame], cleaned: Any) -> dict[str, tuple[int, int, int]]:
    """Rows kept, merged and rejected per file, each counted, with none in two of them."""
    places = [
        {(row.file, int(row.line)) for row in cleaned.tables["ties"].itertuples()},
        {(row["file"], row["line"]) for row in cleaned.merges},
        {(row["file"], row["line"]) for row in cleaned.rejects},
    ]
    for a, b in itertools.combinations(places, 2):
        assert not a & b
    assert len(places[1]) == len(cleaned.merges)
    assert len(places[2]) == len(cleaned.rejects)
    return {name: tuple(sum(place[0] == name for place in part) for part in places) for name in raw}  # type: ignore[misc]


@pytest.fixture(scope="module")
def facts() -> dict[str, pd.DataFrame]:
    return {name: read_curated(RAW / name).rows for name in FILES}


@pytest.fixture(scope="module")
def choices() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "tie_choices.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def cleaned(facts: dict[str, pd.DataFrame], choices: pd.DataFrame) -> Any:
    return clean_ties(facts, resolve_any, choices)


def test_every_row_of_the_facts_is_kept_merged_or_rejected(facts: dict[str, pd.DataFrame], cleaned: Any) -> None:
    found = sums(facts, cleaned)
    assert {name: sum(parts) for name, parts in found.items()} == {name: len(rows) for name, rows in facts.items()}
    assert cleaned.rejects == []
    assert found["economic_ties.csv"] == (259, 0, 0)


def test_the_ties_of_the_facts_pass_their_schema(cleaned: Any) -> None:
    TIES.validate(cleaned.tables["ties"])


def test_what_is_merged_is_merged_into_a_tie_that_stands(cleaned: Any) -> None:
    ids = set(cleaned.tables["ties"]["tie_id"])
    assert {row["kept_id"] for row in cleaned.merges} <= ids
    assert not {row["merged_id"] for row in cleaned.merges} & ids


def test_no_two_rows_of_the_facts_differ_without_a_review(
    facts: dict[str, pd.DataFrame], choices: pd.DataFrame
) -> None:
    assert find_conflicts(facts, resolve_any, choices) == []
    unreviewed = find_conflicts(facts, resolve_any, NO_CHOICES)
    assert ("memberships:43", "memberships2:34") in unreviewed


def test_each_choice_is_known_and_has_a_reason(choices: pd.DataFrame) -> None:
    assert list(choices.columns) == CHOICE_COLUMNS
    assert set(choices["decision"]) <= set(DECISIONS)
    assert choices["reason"].str.len().min() > 20


@pytest.mark.parametrize("state", ["BFA", "MLI", "NER"])
def test_the_sahel_states_joined_aes_and_left_ecowas(cleaned: Any, state: str) -> None:
    ties = cleaned.tables["ties"]
    ties = ties[(ties["state"] == state) & (ties["kind"] == "membership")].set_index("partner")
    assert ties.loc["AES", "start"] == pd.Timestamp("2023-09-16")
    left = ties.loc["ECOWAS"]
    assert (left["start"], left["end"]) == (pd.Timestamp("1975-05-28"), pd.Timestamp("2025-01-29"))
    assert (left["status"], left["n_sources"], left["has_conflict"]) == ("left", 2, False)
    assert "end from memberships:" in left["note"]


def test_part_years_and_conflicts_of_the_facts_are_marked(cleaned: Any) -> None:
    economic = cleaned.tables["ties"].query("file == 'economic_ties.csv'")
    assert (economic["is_part_year"].sum(), economic["has_conflict"].sum()) == (98, 34)
    assert set(economic["kind"]) == {"trade", "aid", "debt", "investment", "remittance"}


def test_a_plan_carried_out_is_no_tie_of_its_own(cleaned: Any) -> None:
    ties = cleaned.tables["ties"].query("state == 'TGO' and partner == 'TUR' and kind == 'mission'")
    assert list(ties["status"]) == ["open"]
    assert not ties["has_conflict"].any()


def test_what_no_page_says_is_not_known(cleaned: Any) -> None:
    ties = cleaned.tables["ties"].set_index("tie_id")
    assert pd.isna(ties.loc["missions2:102", "status"])
    assert pd.isna(ties.loc["deployments:24", "status"])


def test_a_suspension_is_a_tie_of_its_own_kind() -> None:
    rows = [membership(), membership(status="suspended", start="2020-08", end="2020-10-09")]
    ties = clean(frame("m.csv", *rows)).tables["ties"]
    assert list(ties["kind"]) == ["membership", "suspension"]
    assert not ties["has_conflict"].any()


def test_an_agreement_is_told_from_the_side_of_each_state() -> None:
    rows = [
        agreement(),
        agreement(party_a="EU", signed="", in_force=""),
        agreement(party_a="MLI;BFA;NER", party_b="AES"),
    ]
    ties = clean(frame("a.csv", *rows)).tables["ties"].set_index("tie_id")
    assert {key: (row.state, row.partner) for key, row in ties.iterrows()} == {
        "a:2.1": ("RUS", "TGO"), "a:2.2": ("TGO", "RUS"), "a:3": ("TGO", "EU"),
        "a:4.1": ("MLI", "AES"), "a:4.2": ("BFA", "AES"), "a:4.3": ("NER", "AES"),
    }  # fmt: skip
    assert ties.loc["a:3", "status"] == "signature not seen"
    assert set(ties["kind"]) == {"defence_agreement"}


@pytest.mark.parametrize(
    ("cells", "status"),
    [({}, "signed"), ({"in_force": "2025-06"}, "in force"), ({"terminated": "2026"}, "terminated")],
)
def test_an_agreement_stands_as_its_dates_say(cells: dict[str, str], status: str) -> None:
    assert set(clean(frame("a.csv", agreement(**cells))).tables["ties"]["status"]) == {status}


def test_a_reviewer_says_what_is_not_defence() -> None:
    reviewed = choice(file="a.csv", expected="party_b=TGO", decision="agreement")
    assert set(clean(frame("a.csv", agreement()), reviewed).tables["ties"]["kind"]) == {"agreement"}


def test_a_deployment_has_its_size_in_troops() -> None:
    tie = clean(frame("d.csv", deployment())).tables["ties"].iloc[0]
    assert (tie["value"], tie["unit"], tie["status"]) == (1450, "troops", "closed")
    assert tie["detail"] == "size: 1400-1500; Niamey"


@pytest.mark.parametrize(
    ("text", "size"), [("350", 350), ("about 950-1100", 1025), ("up to 700", 700), ("more than 70", 70)]
)
def test_a_printed_size_is_a_number(text: str, size: float) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    ("rows", "kept", "start", "end"),
    [
        ([membership(start="1975"), membership()], "m:3", "1975-05-28", None),
        ([membership(start=""), membership(start="1975")], "m:3", "1975-01-01", None),
        (
            [membership(end="2025-01-29", start="", status="left"), membership(status="left")],
            "m:2",
            "1975-05-28",
            "2025-01-29",
        ),
        ([membership(status="party; withdrawal announced"), membership()], "m:2", "1975-05-28", None),
    ],
)
def test_rows_that_say_the_same_become_one(rows: list[dict[str, str]], kept: str, start: str, end: str | None) -> None:
    raw = frame("m.csv", *rows)
    found = clean(raw)
    assert sums(raw, found) == {"m.csv": (1, 1, 0)}
    tie = found.tables["ties"].iloc[0]
    assert (tie["tie_id"], tie["n_sources"], tie["has_conflict"]) == (kept, 2, False)
    assert tie["start"] == pd.Timestamp(start)
    assert tie["end"] == pd.Timestamp(end) if end else pd.isna(tie["end"])
    assert found.merges[0]["basis"] == "rule"


@pytest.mark.parametrize(
    "rows",
    [
        [membership(), membership(start="1976")],
        [membership(), membership(status="left")],
        [mission(), mission(status="closed")],
        [mission(status="announced"), mission()],
    ],
)
def test_rows_that_differ_both_stand_and_say_so(rows: list[dict[str, str]]) -> None:
    ties = clean(frame("m.csv", *rows)).tables["ties"]
    assert list(ties["has_conflict"]) == [True, True]


def test_a_form_of_mission_is_one_whose_strength_is_reviewed(monkeypatch):
    strengths = reference.load("tie_strengths")
    strengths.loc[strengths["form"] == "office", "form"] = "legation"
    monkeypatch.setattr(reference, "load", {"tie_strengths": strengths}.get)
    mission_forms.cache_clear()
    try:
        rows = frame("missions.csv", mission(mission_type="legation"), mission(mission_type="office", city="Kara"))
        cleaned = clean_ties(rows, resolve, NO_CHOICES)
    finally:
        mission_forms.cache_clear()
    assert cleaned.tables["ties"]["detail"].tolist() == ["legation, Lome"]
    assert "unknown mission_type 'office'; accepted: consulate_general, embassy" in cleaned.rejects[0]["reason"]


@pytest.mark.parametrize(
    "rows",
    [
        [membership(status="left", end="2013-10"), membership(start="2018-02-08")],
        [membership(status="associate", start="2006", end="2024-10"), membership(start="2024-10")],
        [membership(status="suspended", start="", end="2020-10"), membership(status="suspended", start="2021-06")],
        [mission(), mission(mission_type="non_resident")],
        [mission(), mission(status="")],
    ],
)
def test_ties_in_succession_or_of_another_form_are_no_conflict(rows: list[dict[str, str]]) -> None:
    found = clean(frame("m.csv", *rows))
    assert found.merges == []
    assert list(found.tables["ties"]["has_conflict"]) == [False, False]


def test_the_order_of_rows_does_not_matter() -> None:
    rows = [membership(start=""), membership(start="1975"), membership(), membership(start="1976", note="CONFLICT")]
    outcomes = set()
    for order in itertools.permutations(rows):
        ties = clean(frame("m.csv", *order)).tables["ties"]
        outcomes.add(tuple(sorted((row.start, row.n_sources, row.has_conflict) for row in ties.itertuples())))
    assert len(outcomes) == 1


def test_a_reviewer_chooses_which_row_stands() -> None:
    raw = frame("m.csv", membership(start="1976"), membership())
    chosen = {"decision": "merge", "chosen_file": "m.csv", "chosen_line": "3", "chosen_expected": "start=1975-05-28"}
    found = clean(raw, choice(expected="start=1976 | status=member", **chosen))
    assert sums(raw, found) == {"m.csv": (1, 1, 0)}
    assert found.merges == [
        {
            "file": "m.csv",
            "line": 2,
            "merged_id": "m:2",
            "kept_id": "m:3",
            "basis": "reviewed",
            "reason": "the later page",
        }
    ]
    assert list(found.tables["ties"][["start_precision", "n_sources", "has_conflict"]].iloc[0]) == ["day", 1, False]


def test_a_reviewer_calls_two_rows_two_ties_or_one_row_disputed() -> None:
    raw = frame("m.csv", membership(status="suspended", start="2009"), membership(status="suspended", start="2023"))
    other = {"chosen_file": "m.csv", "chosen_line": "3", "chosen_expected": "start=2023"}
    separate = choice(expected="start=2009", decision="separate", **other)
    assert list(clean(raw, separate).tables["ties"]["has_conflict"]) == [False, False]
    disputed = choice(expected="start=2009", decision="conflict")
    assert list(clean(raw, separate, disputed).tables["ties"]["has_conflict"]) == [True, False]


def test_stale_choices_are_an_error_that_lists_them_all() -> None:
    raw = frame("m.csv", membership(), membership(state="BEN"))
    stale = [
        choice(expected="start=1974", decision="conflict"),
        choice(line="9", expected="state=TGO", decision="conflict"),
        choice(expected="state=TGO", decision="shrug"),
        choice(expected="state=TGO", decision="merge"),
        choice(expected="", decision="conflict"),
        choice(expected="state=TGO", decision="conflict", reason=" "),
    ]
    with pytest.raises(TightropeError) as caught:
        clean(raw, *stale)
    lines = str(caught.value).splitlines()[1:]
    assert len(lines) == len(stale)
    assert "m.csv:2 has changed: start is '1975-05-28', not '1974'" in lines[0]
    assert "no row begins on m.csv:9" in lines[1]


def test_a_choice_of_a_rejected_row_is_an_error() -> None:
    raw = frame("m.csv", membership(start="soon"), membership())
    chosen = {"decision": "merge", "chosen_file": "m.csv", "chosen_line": "3", "chosen_expected": "state=TGO"}
    with pytest.raises(TightropeError, match=r"m\.csv:2"):
        clean(raw, choice(expected="start=soon", **chosen))


def test_choices_that_lead_in_a_circle_are_an_error() -> None:
    raw = frame("m.csv", membership(), membership(start="1976"))
    circle = [
        choice(
            line=a,
            expected="state=TGO",
            decision="merge",
            chosen_file="m.csv",
            chosen_line=b,
            chosen_expected="state=TGO",
        )
        for a, b in (("2", "3"), ("3", "2"))
    ]
    with pytest.raises(TightropeError, match="circle"):
        clean(raw, *circle)


def test_choices_on_absent_files_are_left_out() -> None:
    assert len(clean(frame("m.csv", membership()), choice(file="other.csv", decision="conflict")).tables["ties"]) == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (membership(start="2021-02-30"), "'2021-02-30' is not in the calendar"),
        (membership(end="1970", status="left"), "'1970' lies before the start"),
        (membership(state="TOGOO"), "unknown actor 'TOGOO'"),
        (membership(state="EU"), "'EU' (organisation) is not a state"),
        (membership(state=""), "unknown actor ''"),
        (membership(status="freind"), "unknown status 'freind'"),
        (membership(status=""), "status is empty"),
        (mission(status="opened"), "unknown status 'opened'; did you mean 'open'"),
        (mission(sender="TGO"), "'TGO' stands on both sides"),
        (mission(mission_type="embasy"), "unknown mission_type 'embasy'; did you mean 'embassy'"),
        (deployment(size="a battalion"), "size 'a battalion' cannot be read"),
        (deployment(size="100-80"), "size '100-80' ends below its beginning"),
        (agreement(party_a="EU", party_b="AES"), "neither 'EU' nor 'AES' is a state"),
        (figure(value="many"), "value 'many' is no number"),
        (figure(value="nan"), "value 'nan' is no number"),
        (figure(value="1" + 28 * "0"), "is no possible one; at most"),
        (deployment(size="9" * 400), "is no possible one; at most 100,000,000"),
        (deployment(size="80-1" + 28 * "0"), "is no possible one; at most 100,000,000"),
        (deployment(size="٣٥٠"), "size '٣٥٠' cannot be read"),
        (figure(value="-225"), "value '-225' is below nothing"),
        (figure(value="150", unit="percent_of_imports"), "value '150' is no share"),
        (figure(kind="imports"), "unknown kind of economic tie 'imports'; did you mean 'import'"),
        (figure(unit=""), "the unit is empty"),
        (figure(tie_id=""), "the tie_id is empty"),
        (figure(state="TGO;BEN"), "one figure needs one state"),
        (figure(year="23"), "date '23' cannot be read"),
    ],
)
def test_a_row_that_cannot_stand_is_rejected_with_its_reason(row: dict[str, str], message: str) -> None:
    raw = frame("m.csv", row)
    found = clean(raw)
    assert sums(raw, found) == {"m.csv": (0, 0, 1)}
    assert message in found.rejects[0]["reason"]
    assert '"note": ""' in found.rejects[0]["raw"]


def test_a_net_flow_may_be_below_nothing() -> None:
    assert clean(frame("m.csv", figure(kind="fdi", value="-183"))).tables["ties"]["value"].tolist() == [-183]


@pytest.mark.parametrize("row", [membership(), mission(), agreement(), deployment(), figure()])
def test_a_row_given_twice_is_merged(row: dict[str, str]) -> None:
    raw = frame("m.csv", row, row)
    found = clean(raw)
    assert sums(raw, found) == {"m.csv": (1, 1, 0)}
    assert set(found.tables["ties"]["n_sources"]) == {2}
    assert found.merges[0]["kept_id"] in set(found.tables["ties"]["tie_id"])


def test_one_identifier_for_two_figures_rejects_the_second() -> None:
    raw = frame("e.csv", figure(), figure(value="226"))
    found = clean(raw)
    assert sums(raw, found) == {"e.csv": (1, 0, 1)}
    assert "'ET001' stands already in e.csv line 2" in found.rejects[0]["reason"]


def test_a_figure_is_of_its_year() -> None:
    raw = frame(
        "e.csv", figure(note="period: 2023Q1. CONFLICT with another"), figure(tie_id="ET002", year="", sector="")
    )
    first, second = clean(raw).tables["ties"].itertuples()
    assert (first.start, first.end) == (pd.Timestamp("2023-01-01"), pd.Timestamp("2023-12-31"))
    assert (first.kind, first.detail, first.value, first.unit) == ("trade", "import", 225, "million EUR")
    assert (first.is_part_year, first.has_conflict) == (True, True)
    assert first.note == "sector: goods. period: 2023Q1. CONFLICT with another"
    assert pd.isna(second.start)
    assert pd.isna(second.note)
    assert not second.is_part_year


def test_a_file_of_no_known_layout_is_refused() -> None:
    with pytest.raises(ValueError, match="no tie file"):
        clean(frame("x.csv", {"colour": "grey"}))
