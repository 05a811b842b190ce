"""What has changed since an earlier report: events and key numbers, planted one by one."""

import json

import pandas as pd
import pytest

from analysis.briefing.changes import LISTED, find_changes, show_changes
from analysis.briefing.digests import digest_events
from analysis.briefing.evidence import load_evidence
from analysis.briefing.moves import region_numbers
from analysis.exhibit import escape_markdown
from analysis.paths import PREVIOUS_VARIABLE

NUMBERS = {
    "tilt": -0.27, "tilt_low": -0.53, "tilt_high": 0.01, "n_events": 49, "depth": 8.92, "cooperation_FRA": 20.0,
    "conflict_FRA": 12.0, "tilt_between": ["FRA", "RUS"],
}  # fmt: skip


@pytest.fixture(scope="module")
def evidence(built):
    return load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28", data=built)


@pytest.fixture(scope="module")
def french(built):
    return load_evidence("TGO", ["FRA", "RUS"], "2020-01-01", "2026-02-28", data=built, language="fr")


@pytest.fixture(scope="module")
def events(evidence):
    return digest_events({"events": evidence.events, "dyad_events": evidence.dyad_events})


@pytest.fixture
def earlier(tmp_path):
    def write(events, end="2026-01-31", **numbers):
        manifest = {"parameters": {"end": end}, "events": events, "key_numbers": {**NUMBERS, **numbers}}
        path = tmp_path / "previous.json"
        path.write_text(json.dumps(manifest), encoding="utf-8")
        return path

    return write


def text(exhibit):
    return exhibit.data["text/markdown"]


def test_where_there_is_no_earlier_report_there_is_no_section(evidence, monkeypatch):
    monkeypatch.delenv(PREVIOUS_VARIABLE, raising=False)
    assert text(show_changes(evidence, NUMBERS)) == ""
    monkeypatch.setenv(PREVIOUS_VARIABLE, "")
    assert text(show_changes(evidence, NUMBERS)) == ""


def test_the_run_names_the_earlier_report(evidence, events, earlier, monkeypatch):
    monkeypatch.setenv(PREVIOUS_VARIABLE, str(earlier(events)))
    assert text(show_changes(evidence, NUMBERS)) == (
        "## What has changed since the report of 31 January 2026?\n\n"
        "Since then no event that this report reads is new or revised, and no key number has moved."
    )


def test_an_edition_of_the_same_day_without_a_change_says_nothing(evidence, events, earlier):
    shown = show_changes(evidence, NUMBERS, earlier(events, end="2026-02-28"))
    assert text(shown) == ""
    assert shown.about["changes"]["new"] == ()


def test_new_revised_and_gone_events_are_counted_and_told(evidence, events, earlier):
    engaged = evidence.engagements.sort_values("weight", key=abs, ascending=False)["event_id"].drop_duplicates()
    new, revised = engaged.iloc[0], engaged.iloc[1]
    before = {**{name: digest for name, digest in events.items() if name != new}, revised: "0", "GONE1": "1"}
    shown = show_changes(evidence, NUMBERS, earlier(before))
    assert shown.about["changes"] == {
        "since": "2026-01-31", "new": (new,), "revised": (revised,), "gone": ("GONE1",), "numbers": {},
        "moved": ["The tilt stands where it stood, at −0.27 (−0.53 to +0.01)."],
    }  # fmt: skip
    lines = text(shown).splitlines()
    assert lines[2] == (
        "1 event that this report reads is new. 1 of them had happened by then and was gathered since. "
        "1 event is revised. 1 event is no longer read."
    )
    assert lines[4].startswith("- New: ")
    assert lines[5].startswith("- Revised: ")
    assert "The tilt stands where it stood, at −0.27 (−0.53 to +0.01)." in lines


def test_those_with_the_powers_come_first_and_the_others_are_counted(evidence, events, earlier):
    lines = [line for line in text(show_changes(evidence, {}, earlier({"GONE": "1"}))).splitlines() if line[:1] == "-"]
    assert len(lines) == LISTED + 1
    assert lines[-1] == f"- {len(events) - LISTED} more events"
    weights = evidence.engagements.groupby("event_id")["weight"].agg(lambda weight: weight.abs().max())
    order = sorted(weights.index, key=lambda name: (-weights[name], name))[:LISTED]
    summaries = evidence.events.set_index("event_id")["summary"]
    for line, name in zip(lines, order, strict=False):
        assert line.endswith(escape_markdown(summaries[name]))


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ({"tilt": 0.0}, "to −0.27 (−0.53 to +0.01), which lies inside the earlier interval."),
        ({"tilt": 0.3, "tilt_low": 0.1, "tilt_high": 0.5}, "which lies outside the earlier interval."),
        (
            {"tilt": 0.3, "tilt_low": None, "tilt_high": None},
            "The tilt is −0.27 (90 % interval −0.53 to +0.01); before, too few events were on record",
        ),
        ({"n_events": 40}, "Events with the powers went from 40 to 49."),
        ({"depth": 8.0}, "Depth went from 8.0 to 8.9 points a year."),
        ({"cooperation_FRA": 18.5}, "Cooperation with France went from 18.5 to 20 points."),
        ({"conflict_FRA": 0.0}, "Conflict with France went from 0 to 12 points."),
    ],
)
def test_key_numbers_move_with_their_intervals(evidence, events, earlier, before, said):
    assert said in text(show_changes(evidence, NUMBERS, earlier(events, **before)))


def test_a_tilt_of_too_few_events_is_no_number_to_move(evidence, events, earlier):
    few = {"tilt": -1.0, "tilt_low": None, "tilt_high": None}
    now = text(show_changes(evidence, NUMBERS | few, earlier(events)))
    assert "Too few events are on record for a tilt; before, it was −0.27" in now
    both = text(show_changes(evidence, NUMBERS | few, earlier(events, **few, depth=8.0)))
    assert "Too few events are on record for a tilt, now as before." in both
    assert "−1.00" not in now + both


def of(state, *ends):
    return dict(zip((f"tilt_of_{state}", f"tilt_low_of_{state}", f"tilt_high_of_{state}"), ends, strict=True))


def test_the_numbers_of_a_region_are_the_tilts_with_their_intervals(evidence):
    compared = pd.DataFrame(
        [("TGO", -0.27, -0.53, 0.01), ("BEN", 0.8, float("nan"), float("nan"))],
        columns=["state", "tilt", "low", "high"],
    )
    assert region_numbers(evidence, compared) == of("TGO", -0.27, -0.53, 0.01) | of("BEN", None, None, None)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ((-0.27, -0.53, 0.01), "The tilts of the compared states stand where they stood."),
        ((-0.2, -0.5, 0.1), "Togo: the tilt went from −0.27 (90 % interval −0.53 to +0.01) to −0.20 (−0.50 to +0.10), "
         "which lies inside the earlier interval."),
        ((0.4, 0.2, 0.6), "which lies outside the earlier interval."),
        ((-0.27, -0.6, 0.01), "Togo: the tilt went from −0.27 (90 % interval −0.53 to +0.01) to −0.27 (−0.60 to +0.01)"),
        ((None, None, None), "Togo: too few events are on record for a tilt; before, it was −0.27 (90 % interval −0.53 to "
         "+0.01)."),
    ],
)  # fmt: skip
def test_the_tilts_of_a_region_move_with_their_intervals(evidence, events, earlier, now, said):
    before = {**{name: None for name in NUMBERS}, **of("TGO", -0.27, -0.53, 0.01)}
    shown = show_changes(evidence, of("TGO", *now), earlier({**events, "GONE": "1"}, **before))
    assert said in text(shown)
    assert said in " ".join(shown.about["changes"]["moved"])


def test_of_many_states_those_that_moved_farthest_are_told_and_the_others_counted(evidence, events, earlier):
    states = [state for state in evidence.states if state != "TGO"][:6]
    before = {name: end for state in states for name, end in of(state, 0.0, -0.5, 0.5).items()}
    after = {name: end for n, state in enumerate(states) for name, end in of(state, 0.1 * n, -0.5, 0.6).items()}
    first = {**before, **of("TGO", None, None, None)}
    moved = show_changes(evidence, {**after, **of("TGO", 0.1, 0.0, 0.2)}, earlier(events, **first)).about["changes"][
        "moved"
    ]
    moved = [sentence for sentence in moved if ": " in sentence or "more" in sentence]
    assert moved[0].startswith("Togo: the tilt is +0.10 (90 % interval 0.00 to +0.20); before, too few")
    assert " to +0.50 (" in moved[1]
    assert moved[5:] == ["The tilts or intervals of 2 more states moved."]


def test_a_summary_from_the_data_is_shown_as_text(evidence, events, earlier):
    from dataclasses import replace

    hostile = replace(evidence, events=evidence.events.assign(summary="<script>alert(1)</script> [a](javascript:b)"))
    shown = text(show_changes(hostile, {}, earlier({"GONE": "1"})))
    assert "\\<script\\>" in shown
    assert "<script>" not in shown.replace("\\<", "")
    assert "](" not in shown.replace("\\]\\(", "")


def test_it_speaks_the_readers_language(french, events, earlier):
    assert "31 janvier 2026" in text(show_changes(french, NUMBERS, earlier(events)))


def test_only_numbers_known_before_and_now_are_compared():
    found = find_changes(
        {}, {"a": 1, "b": 2}, {"parameters": {"end": "2026-01-31"}, "events": {}, "key_numbers": {"a": 3}}
    )
    assert found.numbers == {"a": (3, 1)}
    assert not found.is_empty
