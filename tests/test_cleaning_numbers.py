"""Numbers of hand-coded files: plain, finite and possible, or an error that says which is not."""

import pytest

from analysis.cleaning.numbers import LARGEST, parse_amount, parse_number
from analysis.errors import RowError


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("-3.5", -3.5), ("0012.50", 12.5), ("1" + 18 * "0", LARGEST), ("0." + 400 * "9", 1)]
)
def test_a_plain_number_is_read(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "12 ", "12\n", "1,400", "1e5", "1_0", "+1", ".5", "5.", "--1", "0x1f", "inf", "-inf", "Infinity", "nan", "٣", "１"],
)  # fmt: skip
def test_what_is_no_plain_number_is_refused(text):
    with pytest.raises(RowError, match=r"^size .* is no number; write digits"):
        parse_number(text, "size")


@pytest.mark.parametrize("text", ["1000000000000000200", "1" + 28 * "0", "-1" + 28 * "0", "9" * 400])
def test_a_number_that_nothing_can_have_is_refused(text):
    with pytest.raises(RowError, match=r"is no possible one; at most 1,000,000,000,000,000,000$"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("0", "tonnes"), ("100", "percent of imports"), ("120", "percent_of_GDP"), ("-6", "percent change on 2022"),
     ("-5000", "tonnes, increase of imports on 2022")],
)  # fmt: skip
def test_an_amount_that_its_unit_can_have_is_read(text, unit):
    assert parse_amount(text, unit) == float(text)


@pytest.mark.parametrize(
    ("text", "unit", "reason"),
    [("-5", "million EUR", "below nothing"), ("-0.1", "percent_of_imports", "no share"),
     ("100.1", "percent of Niger imports", "no share"), ("900", "percent state share", "no share"), ("-5", "percent_of_GDP", "below nothing")],
)  # fmt: skip
def test_an_amount_that_its_unit_cannot_have_is_refused(text, unit, reason):
    with pytest.raises(RowError, match=reason):
        parse_amount(text, unit)
