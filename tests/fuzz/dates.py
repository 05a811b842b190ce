"""Dates: every text is a range of real days, or is refused with a reason that names it."""

from __future__ import annotations

from analysis.cleaning.dates import parse_date_range, parse_partial
from analysis.errors import RowError
from analysis.schema import DATE_PRECISIONS
from fuzz.targets import Target


def create_target(_: str) -> Target:
    return Target(check, create_seeds)


def check(data: bytes) -> None:
    """Hold start, end and precision, a line each, to the oracle."""
    start, end, precision, *_ = (data.decode("utf-8", errors="surrogateescape") + "\n\n").split("\n")
    for text in (start, end):
        _check_range(lambda text=text: parse_partial(text), "")
    _check_range(lambda: parse_date_range(start, end, precision), precision)


def _check_range(parse, precision: str) -> None:
    try:
        found = parse()
    except RowError as error:
        assert str(error)
        return
    assert found.start <= found.end
    assert found.start == found.start.normalize()
    assert found.end == found.end.normalize()
    assert found.start.tz is None
    assert 1800 <= found.start.year <= found.end.year <= 2200
    assert found.precision in DATE_PRECISIONS
    assert not precision or found.precision == precision


def create_seeds() -> list[bytes]:
    """Every form and precision, and what is near to them."""
    texts = ["2024", "2024-02", "2024-02-29", "2023-02-29", "1799-12-31", "2199-12-31", "2024-13", " 2024-01-05 "]
    texts += ["٢٠٢٤-٠١", "2024-1-5", "05/01/2024", "20240105", "2024-01-05T10:00", "soon", ""]
    pairs = [(start, end, "") for start in texts for end in ("", *texts[:4])]
    lengths = [("2024-03-31", "", name) for name in DATE_PRECISIONS] + [
        ("2199", "", "quarter"),
        ("2024", "2025", "day"),
    ]
    return ["\n".join(one).encode() for one in (*pairs, *lengths)]
