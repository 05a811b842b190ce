"""Measure the similarity of UN votes against a loop over pairs, and its memory. Part of `make bench`; never of the tests.

The contestants take turns in one process, so that a busy machine slows all of them alike. All are timed after reading.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.measures.similarity import RECIPES, compare_votes
from analysis.paths import PROJECT
from tests.published_votes import VOTES, read_published_votes

ROUNDS = 3
YEAR = 2015
TARGET_SECONDS, TARGET_RATIO, TARGET_MIB = 5.0, 200, 3 * 1024


def loop_over_pairs(wide: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Squared kappa of every pair of columns, by scikit-learn, one pair after the other; the table is ready before."""
    from sklearn.metrics import cohen_kappa_score

    columns = {state: wide[state].to_numpy() for state in wide}
    found = {}
    for a, b in combinations(columns, 2):
        known = ~(np.isnan(columns[a]) | np.isnan(columns[b]))
        x, y = columns[a][known].astype(np.int64), columns[b][known].astype(np.int64)
        is_defined = len(x) > 0 and (len(set(x.tolist()) | set(y.tolist())) > 1)
        found[a, b] = cohen_kappa_score(x, y, labels=[1, 2, 3], weights="quadratic") if is_defined else np.nan
    return found


def clock(action: Callable[[], object]) -> tuple[float, object]:
    """Seconds that an action takes, and what it returns."""
    begun = time.perf_counter()
    result = action()
    return time.perf_counter() - begun, result


def peak_memory() -> float:
    """MiB that a process of its own holds at most, while it reads the votes and compares them."""
    shown = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.votes", "--memory"],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    )
    return float(shown.stdout)


def measure_votes(rounds: int = ROUNDS) -> dict[str, float | int] | None:
    """Measure, and check that the loop and the matrix product find the same.

    Returns
    -------
    dict or None
        n_votes, n_years, n_pairs (dyad-years of all years), n_pairs_of_year; median seconds of all_years, of one_year
        (all measures) and of loop (kappa alone, the same year); ratio, the median of loop / one_year within a round;
        greatest_difference between the two kappas; peak_mib. None where the published data are not at hand.
    """
    if not VOTES.exists():
        return None
    votes = read_published_votes()
    of_year = votes[votes["date"].dt.year == YEAR]
    numbers = of_year.assign(vote=of_year["vote"].map({"yes": 1.0, "abstain": 2.0, "no": 3.0}))
    wide = numbers.pivot(index="roll_call_id", columns="state", values="vote")
    seconds: dict[str, list[float]] = {"all_years": [], "one_year": [], "loop": []}
    for _ in range(rounds):
        taken, every = clock(lambda: compare_votes(votes))
        seconds["all_years"].append(taken)
        taken, ours = clock(lambda: compare_votes(of_year))
        seconds["one_year"].append(taken)
        taken, theirs = clock(lambda: loop_over_pairs(wide))
        seconds["loop"].append(taken)
    assert isinstance(every, pd.DataFrame)
    assert isinstance(ours, pd.DataFrame)
    assert isinstance(theirs, dict)
    kappas = ours.set_index(["state_a", "state_b"])["kappa"]
    looped = pd.Series(theirs).reindex(kappas.index)
    if not kappas.isna().equals(looped.isna()):
        raise AssertionError("the loop and the matrix product differ in what is undefined")
    return {
        "n_votes": len(votes),
        "n_years": every["year"].nunique(),
        "n_pairs": len(every),
        "n_pairs_of_year": len(ours),
        **{name: statistics.median(values) for name, values in seconds.items()},
        "ratio": statistics.median(
            slow / fast for slow, fast in zip(seconds["loop"], seconds["one_year"], strict=True)
        ),
        "greatest_difference": float((kappas - looped).abs().max()),
        "peak_mib": peak_memory(),
    }


def write_votes(found: dict[str, float | int]) -> list[str]:
    """The lines of docs/benchmarks.md on what :func:`measure_votes` found."""
    return [
        f"{found['n_votes']:,} published votes of {found['n_years']} years, after reading; median of {ROUNDS} rounds.",
        "",
        "| what | median, s |",
        "|---|---|",
        f"| seven measures for all {found['n_pairs']:,} dyad-years | {found['all_years']:.2f} |",
        f"| seven measures for the {found['n_pairs_of_year']:,} dyads of {YEAR} | {found['one_year']:.3f} |",
        f"| kappa alone for the same dyads, by a loop over scikit-learn's `cohen_kappa_score` | {found['loop']:.1f} |",
        "",
        f"All years take {found['all_years']:.2f} s (target: under {TARGET_SECONDS:g}); one year is "
        f"{found['ratio']:,.0f} times faster than the loop (target: at least {TARGET_RATIO}), whose kappas differ by at "
        f"most {found['greatest_difference']:.0e}. Reading and comparing held {found['peak_mib']:,.0f} MiB "
        f"(target: under {TARGET_MIB:,}).",
        "",
    ]


def main() -> None:
    """Print what was measured, or the memory of this process after one comparison."""
    if "--memory" in sys.argv:
        compare_votes(read_published_votes(), recipe=RECIPES["tightrope"])
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    found = measure_votes()
    print("\n".join(write_votes(found)) if found else "the published votes are not at hand")


if __name__ == "__main__":
    main()
