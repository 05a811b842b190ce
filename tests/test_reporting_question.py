import pytest

from analysis.errors import TightropeError, UnknownNameError
from analysis.reporting.question import check_question

QUESTION = {"state": "TGO", "powers": ["FRA", "RUS"], "start": "2020-01-01", "end": "2026-02-28", "language": "en"}


def test_names_become_codes(built):
    checked = check_question(
        QUESTION | {"state": "Togo", "powers": ["France", "Russie"], "comparison": ["Bénin"]}, built
    )
    assert (checked["state"], checked["powers"], checked["comparison"]) == ("TGO", ["FRA", "RUS"], ["BEN"])


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"state": "TOGOO"}, r"unknown state 'TOGOO'; did you mean '(TGO|TOGO|Togo)'"),
        ({"state": "ECOWAS"}, "unknown state 'ECOWAS'"),
        ({"powers": ["FRA", "Rusia"]}, "unknown power 'Rusia'; did you mean 'Russia'"),
        ({"powers": ["FRA", "JNIM"]}, "'JNIM' is no power"),
        ({"powers": ["FRA", "France"]}, "FRA is named twice"),
        ({"powers": ["FRA", "TGO"]}, "TGO is the state itself"),
        ({"powers": ["FRA"]}, "at least two powers; given: FRA"),
        ({"start": "2026-03-01"}, "start 2026-03-01 lies after end 2026-02-28"),
        ({"start": "2026-01-01", "end": "2026-01-01"}, "the window 2026-01-01 has one day; two or more"),
        ({"end": "2062-02-28"}, "end 2062-02-28 lies beyond the data, which run to 2026-05-"),
        ({"months": 0}, "months is 0; a window of 1 month or more"),
        ({"start": "late October"}, "start 'late October' is no date; write it as YYYY-MM-DD"),
        ({"end": "2025-02-30"}, "end '2025-02-30' is no date"),
        ({"end": "today"}, "end 'today' is no date"),
        ({"language": "xx"}, "unknown language 'xx'; accepted: en"),
        (
            {"start": "1990-01-01", "end": "1990-12-31"},
            "no event between TGO and FRA, RUS from 1990-01-01 .* lie from 2020",
        ),
        ({"state": "ISL"}, "no event between ISL and FRA, RUS at any time; the tables hold"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(built, fault, message):
    with pytest.raises(TightropeError, match=message):
        check_question(QUESTION | fault, built)


def test_a_power_without_events_is_accepted_beside_one_with(built):
    assert check_question(QUESTION | {"powers": ["FRA", "JPN"]}, built)["powers"] == ["FRA", "JPN"]


def test_unbuilt_tables_say_how_to_build_them(tmp_path):
    with pytest.raises(TightropeError, match="tightrope build"):
        check_question(QUESTION, tmp_path)


def test_parameters_of_no_question_pass_through(built):
    assert check_question({"months": 6}, built) == {"months": 6}


def test_the_error_is_of_the_kind_that_names_near_matches(built):
    with pytest.raises(UnknownNameError) as caught:
        check_question(QUESTION | {"state": "Niegria"}, built)
    assert "Nigeria" in str(caught.value)
