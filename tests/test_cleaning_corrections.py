import pandas as pd
import pytest

from analysis.cleaning.corrections import (
    StaleCorrectionError,
    add_checked_pages,
    apply_corrections,
    clean_changes,
)
from analysis.schema import EVENT_SOURCES

EVENTS = pd.DataFrame({"event_id": ["E1", "E2"], "place": ["Lome", "Paris"], "file": "events.csv", "line": [2, 3]})
TIES = pd.DataFrame({"state": ["TGO"], "start": ["1960"], "file": "missions.csv", "line": [2]})
RAW = {"events.csv": EVENTS, "missions.csv": TIES}


def corrections(*rows):
    return pd.DataFrame(rows, columns=["file", "row_id", "field", "old", "new", "reason"])


def test_a_correction_replaces_the_expected_value_and_nothing_else():
    made = apply_corrections(
        RAW,
        corrections(
            ("events.csv", "E2", "place", "Paris", "Lyon", "r"),
            ("missions.csv", "line 2", "start", "1960", "1961", "r"),
        ),
    )
    assert made["events.csv"]["place"].tolist() == ["Lome", "Lyon"]
    assert made["missions.csv"]["start"].tolist() == ["1961"]
    assert EVENTS["place"].tolist() == ["Lome", "Paris"]


def test_every_correction_that_no_longer_applies_is_named():
    with pytest.raises(StaleCorrectionError) as caught:
        apply_corrections(
            RAW,
            corrections(
                ("events.csv", "E1", "place", "Accra", "Lome", "r"),
                ("events.csv", "E9", "place", "Lome", "Kara", "r"),
                ("events.csv", "E1", "colour", "", "red", "r"),
            ),
        )
    for part in ("expected 'Accra', found 'Lome'", "'E9'", "'colour'"):
        assert part in str(caught.value)


def change(line, new, row_id="E1", field="place", file="events.csv"):
    return {
        "file_named": file, "row_id": row_id, "field": field, "old": "x", "new": new, "reason": "r", "source_url": "",
        "file": "CHANGES.csv", "line": line,
    }  # fmt: skip


def test_a_change_stands_only_while_the_file_holds_its_new_value():
    cleaned = clean_changes(pd.DataFrame([change(2, "Lome"), change(3, "Accra", "E2"), change(4, "x", "E7")]), RAW)
    assert cleaned.tables["changes"]["line"].tolist() == [2]
    assert [row["line"] for row in cleaned.rejects] == [3, 4]
    assert "'Paris' where the change says 'Accra'" in cleaned.rejects[0]["reason"]


@pytest.mark.parametrize("later", [change(3, "Lome"), change(2, "Lome") | {"file": "more.csv"}])
def test_a_change_replaced_by_a_later_one_stands(later):
    cleaned = clean_changes(pd.DataFrame([change(2, "Accra"), later]), RAW)
    assert cleaned.tables["changes"]["new"].tolist() == ["Accra", "Lome"]


def test_a_correction_of_a_file_that_is_not_here_does_not_speak_to_this_folder():
    made = apply_corrections(RAW, corrections(("gone.csv", "E1", "place", "", "Kara", "r")))
    assert made["events.csv"].equals(EVENTS)


def test_the_page_that_confirmed_an_event_is_among_its_reports():
    events = pd.DataFrame({"event_id": ["E1"], "file": ["events.csv"]})
    reports = EVENT_SOURCES.frame([{"event_id": "E1", "url": "https://a.example"}])
    confirmed = {"field": "certainty", "source_url": "https://b.example"}
    changes = pd.DataFrame([change(2, "confirmed") | confirmed, change(3, "disputed", "E2") | confirmed])
    assert add_checked_pages(reports, events, changes)["url"].tolist() == ["https://a.example", "https://b.example"]
