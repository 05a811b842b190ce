"""What the page of benchmarks concludes follows from its numbers, whichever way they fall."""

import pytest

from tests.benchmarks import batch, equal, kills
from tests.sudden_ends import SuddenEnd

FAST = {
    "batch": [10.0] * 3,
    "floor": [9.0] * 3,
    "apart": [9.9] * 3,
    "today": [90.0] * 3,
    "today in two processes": [55.0] * 3,
}
SLOW = {
    "batch": [10.0] * 3,
    "floor": [7.0] * 3,
    "apart": [8.0] * 3,
    "today": [40.0] * 3,
    "today in two processes": [20.0] * 3,
}
FLAT = {4: (1000.0, 400.0, 3.0), 16: (1040.0, 400.0, 3.0), 40: (1050.0, 400.0, 3.0)}
GROWING = {4: (1000.0, 400.0, 3.0), 40: (1900.0, 400.0, 3.0)}
PDF = {"warm": (0.2, 1.0), "cold": (1.3, 1.0), "webpdf": (3.0, 0.9)}
NO_FAULT = {"half": (), "alive": (), "left": (), "not_made": (), "different": ()}


@pytest.mark.parametrize(
    ("seconds", "unchanged", "memory", "reports", "said", "unsaid"),
    [
        (FAST, [1.0], FLAT, 16, ["9.0 times as fast", "target: 8, met", "5.5 times", "5, met", "1.11 times", "1.3, met",
                                 "to 1.10 times itself", "1.01 times that",
                                 "1.00 s for 40 reports (target: under 1.5, met)", "1.05 times that with 4", "1.1, met"],
         ["missed", "were not run", "cannot be reached"]),
        (SLOW, [2.0], GROWING, 4, ["target: 8, missed", "5, missed", "1.43 times", "1.3, missed", "under 1.5, missed",
                                   "1.90 times that with 4", "1.1, missed", "so that 8 and 5 cannot be reached",
                                   "16, as the targets ask, were not run"],
         ["met)"]),
    ],
)  # fmt: skip
def test_targets_are_met_or_missed_by_the_numbers(seconds, unchanged, memory, reports, said, unsaid):
    page = "\n".join(batch.describe(seconds, unchanged, memory, PDF, reports))
    assert [words for words in said if words not in page] == []
    assert [words for words in unsaid if words in page] == []


def test_a_route_that_the_machine_cannot_run_is_named_with_what_it_lacks(monkeypatch):
    monkeypatch.setattr(batch, "list_missing", lambda: ["xelatex", "inkscape"])
    lacking = "\n".join(batch.describe(FAST, [1.0], FLAT, PDF))
    assert "LaTeX is not measured: this machine lacks xelatex and inkscape." in lacking
    assert "XeLaTeX" not in lacking
    measured = "\n".join(batch.describe(FAST, [1.0], FLAT, {**PDF, "latex": (60.0, 0.987)}))
    assert "XeLaTeX, figures by Inkscape | 60.00 | 98.7% |" in measured
    assert "not measured" not in measured


def test_files_that_differ_are_named():
    files = {"1 worker": {"a/x": b"1", "b/x": b"2"}, "2 workers": {"a/x": b"1", "b/x": b"3"}}
    seconds = dict.fromkeys(files, 1.0)
    assert "Not equal are 1 of the files: b/x." in "\n".join(equal.describe(seconds, files))
    files["2 workers"]["b/x"] = b"2"
    assert "The 2 reports are equal byte for byte." in "\n".join(equal.describe(seconds, files))


def test_sudden_ends_are_counted_by_victim_and_fault():
    good = SuddenEnd("batch", "running", **NO_FAULT)
    bad = SuddenEnd("kernel", "publishing", **{**NO_FAULT, "left": ("/tmp/x", "y")})
    page = kills.describe([good, good, bad])
    assert "| the batch | 2 | 0 | 0 | 0 | 0 | 0 |" in page
    assert "| a kernel | 1 | 0 | 0 | 1 | 0 | 0 |" in page
    assert "Wrong were: seed 2: /tmp/x; y." in page
    assert "Nothing was wrong after any of them." in kills.describe([good])
