"""Portfolio: on which dimension of its ties a state leans where, and how far the answer hangs on the choice of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures.checks import MeasureError, check_codes, check_columns
from analysis.measures.strengths import DIMENSIONS, TieJudgements, create_strengths
from analysis.measures.windows import Day

ONE_UNIT = ("trade", "arms")
"""Dimensions whose figures of one state can be compared with each other, and not with those of another state."""
MINIMUM_DIMENSIONS = 3
_BOTH_COLUMNS = ("strength", "scaled", "unit", "basis", "reason")
_TILT_COLUMNS = ["dimension", "tilt", "strength_a", "strength_b", "scaled_a", "scaled_b", "unit_a", "unit_b",
                 "basis_a", "basis_b", "reason_a", "reason_b", "has_conflict", "reason"]  # fmt: skip


@dataclass(frozen=True)
class PortfolioTilt:
    """The mean tilt over the dimensions in which both powers are known, and how far it moves.

    ``low`` and ``high`` are its ends when one dimension is left out, ``low_without`` and ``high_without`` which one;
    ``low_weighted`` and ``high_weighted`` its ends under all weights that give no dimension less than half or more
    than twice its equal share. ``value`` is None under three dimensions, and ``reason`` says so. ``low_filled`` and
    ``high_filled`` are the ends of the mean if in any of the dimensions ``filled``, in which one power's tie is known
    to stand and the other's is not known, the other had none; None without such a dimension.
    """

    value: float | None
    n_dimensions: int
    low: float | None
    high: float | None
    low_without: str
    high_without: str
    low_weighted: float | None
    high_weighted: float | None
    reason: str = ""
    low_filled: float | None = None
    high_filled: float | None = None
    filled: tuple[str, ...] = ()


def create_portfolio(
    ties: pd.DataFrame,
    votes: pd.DataFrame,
    states: Sequence[str],
    powers: Sequence[str],
    as_of: Day,
    judgements: TieJudgements,
) -> pd.DataFrame:
    """Measure each state's tie with each power by dimension at a date, scaled within the set.

    Parameters
    ----------
    ties, votes, states, powers, as_of, judgements
        As :func:`~analysis.measures.strengths.create_strengths` takes them.

    Returns
    -------
    DataFrame
        Its columns and ``scaled`` (0 to 1): the strength divided by the largest that any of the states has with any
        of the powers in that dimension on that day. Trade and arms come in a unit and period of each state's own and
        are divided by the state's largest. Missing where the strength is; 0 where all are 0.

    Raises
    ------
    MeasureError
        As :func:`~analysis.measures.strengths.create_strengths`.

    Notes
    -----
    Division by the maximum keeps zero at zero and keeps ratios, so that a tilt is the same before and after. A
    percentile or a z-score would do neither: half the states would then lean somewhere by construction.
    """
    strengths = create_strengths(ties, votes, states, powers, as_of, judgements)
    own = strengths["state"].where(strengths["dimension"].isin(ONE_UNIT), "")
    largest = strengths.groupby([strengths["dimension"], own])["strength"].transform("max")
    scaled = (strengths["strength"] / largest).where(largest > 0, strengths["strength"])
    return strengths.assign(scaled=scaled.astype("float64"))


def tilt_dimensions(portfolio: pd.DataFrame, state: str, a: str, b: str) -> pd.DataFrame:
    """Measure the tilt between two powers in each dimension: (s_a - s_b) / (s_a + s_b).

    Parameters
    ----------
    portfolio : DataFrame
        From :func:`create_portfolio`.
    state : str
        Whose portfolio.
    a, b : str
        The powers at +1 and at -1.

    Returns
    -------
    DataFrame
        ``dimension, tilt`` (missing where a strength is, or both are 0)``, strength_a, strength_b, scaled_a,
        scaled_b, unit_a, unit_b, basis_a, basis_b, reason_a, reason_b, has_conflict, reason``, one row per
        dimension. Swapping the powers flips the sign. Agreements in votes over different roll calls have no tilt.

    Raises
    ------
    MeasureError
        If a equals b, or state and powers are not in the portfolio.

    Examples
    --------
    >>> rows = [("TGO", "FRA", "missions", 1.0, ""), ("TGO", "RUS", "missions", 0.25, "")]
    >>> portfolio = pd.DataFrame(rows, columns=["state", "power", "dimension", "strength", "reason"])
    >>> portfolio = portfolio.assign(scaled=portfolio["strength"], unit="embassies", basis="", has_conflict=False)
    >>> tilt_dimensions(portfolio, "TGO", "FRA", "RUS")["tilt"].tolist()
    [0.6]
    """
    check_codes("powers", [a, b])
    check_columns(
        portfolio, ("state", "power", "dimension", "strength", "scaled", "unit", "basis", "reason"), "portfolio"
    )
    keys = zip(*(portfolio[name].tolist() for name in ("state", "power", "dimension")), strict=True)
    place = {(power, name): place for place, (one, power, name) in enumerate(keys) if one == state}
    missing = [code for code in (a, b) if code not in {power for power, _ in place}]
    if missing:
        raise MeasureError(f"the portfolio holds no tie of {state} with {', '.join(missing)}")
    both = [name for name in DIMENSIONS if (a, name) in place and (b, name) in place]
    places = [np.array([place[power, name] for name in both], dtype=np.intp) for power in (a, b)]
    shown = [name for name in ("dimension", *_BOTH_COLUMNS, "has_conflict", "rests_on") if name in portfolio]
    columns_of = {name: portfolio[name].array for name in shown}
    of_a, of_b = ({name: values.take(rows) for name, values in columns_of.items()} for rows in places)
    toward, against = (np.array(side["strength"], dtype=np.float64) for side in (of_a, of_b))
    total = toward + against
    unlike = np.zeros(len(both), dtype=bool)
    if "rests_on" in of_a:
        unlike = np.asarray(of_a["rests_on"] != of_b["rests_on"], dtype=bool) & ~np.isnan(total)
        total[unlike] = np.nan
    tilt = np.divide(toward - against, total, out=np.full_like(total, np.nan), where=total > 0)
    is_known = ~np.isnan(total)
    reason = [
        ""
        if total_of > 0
        else "none with either"
        if known
        else "over different roll calls"
        if other
        else "; ".join(f"{power}: {why}" for power, why in ((a, why_a), (b, why_b)) if why)
        for why_a, why_b, known, total_of, other in zip(
            of_a["reason"].tolist(), of_b["reason"].tolist(), is_known, total, unlike, strict=True
        )
    ]
    columns = {
        "dimension": of_a["dimension"], "tilt": tilt,
        **{f"{name}_{side}": rows[name] for name in _BOTH_COLUMNS for side, rows in (("a", of_a), ("b", of_b))},
        "has_conflict": (np.array(of_a["has_conflict"]) | np.array(of_b["has_conflict"])) & is_known,
        "reason": pd.array(reason, dtype="str"),
    }  # fmt: skip
    return pd.DataFrame({name: columns[name] for name in _TILT_COLUMNS})


def summarise_portfolio(tilts: pd.DataFrame) -> PortfolioTilt:
    """Average the tilts of the dimensions and measure how far the mean hangs on the choice of them.

    Parameters
    ----------
    tilts : DataFrame
        ``dimension, tilt``, from :func:`tilt_dimensions`; dimensions without a tilt are left out. With ``strength_a,
        strength_b`` the mean is also bounded for dimensions of which one side alone is known.

    Returns
    -------
    PortfolioTilt

    Notes
    -----
    With n dimensions the weights run over all w with sum 1 and 1/(2n) <= w <= 2/n. The mean is linear in them, so
    its ends lie at corners that are found by filling the largest (or smallest) tilts up first: no draws are needed.

    Examples
    --------
    >>> tilts = pd.DataFrame({"dimension": ["missions", "votes", "trade"], "tilt": [0.6, 0.3, -0.3]})
    >>> found = summarise_portfolio(tilts)
    >>> round(found.value, 2), round(found.low, 2), found.low_without, round(found.high, 2), found.high_without
    (0.2, 0.0, 'missions', 0.45, 'trade')
    >>> round(found.low_weighted, 2), round(found.high_weighted, 2)
    (-0.05, 0.4)
    """
    rows = zip(tilts["dimension"].tolist(), tilts["tilt"].tolist(), strict=True)
    known = sorted((row for row in rows if not math.isnan(row[1])), key=lambda row: row[0])
    values, names = np.array([tilt for _, tilt in known], dtype=np.float64), [name for name, _ in known]
    count = len(values)
    if count < MINIMUM_DIMENSIONS:
        found = "no kind" if not count else "1 kind" if count == 1 else f"{count} kinds"
        reason = f"too few kinds known: {found} with both powers, {MINIMUM_DIMENSIONS} are needed"
        return PortfolioTilt(None, count, None, None, "", "", None, None, reason)
    without = (values.sum() - values) / (count - 1)
    low, high = int(np.argmin(without)), int(np.argmax(without))
    return PortfolioTilt(
        float(values.mean()), count, float(without[low]), float(without[high]), names[low], names[high],
        _least_mean(values), -_least_mean(-values), "", *_fill_one_sided(tilts, values),
    )  # fmt: skip


def _fill_one_sided(
    tilts: pd.DataFrame, values: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> tuple[float | None, float | None, tuple[str, ...]]:
    """The ends of the mean if, in any of the dimensions known with one power alone, the other had none."""
    if "strength_a" not in tilts:
        return None, None, ()
    of_a, of_b = (tilts[f"strength_{side}"].to_numpy(dtype=np.float64) for side in ("a", "b"))
    toward, against = (of_a > 0) & np.isnan(of_b), (of_b > 0) & np.isnan(of_a)
    if not (toward | against).any():
        return None, None, ()
    n_toward, n_against = int(toward.sum()), int(against.sum())
    low = (values.sum() - n_against) / (len(values) + n_against)
    high = (values.sum() + n_toward) / (len(values) + n_toward)
    return float(low), float(high), tuple(tilts.loc[toward | against, "dimension"])


def _least_mean(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """The least weighted mean when each of the n weights lies between half and twice 1/n."""
    count = len(values)
    weights = np.full(count, 0.5 / count)
    spare = 1 - weights.sum()
    for place in np.argsort(values, kind="stable"):
        added = min(spare, 1.5 / count)
        weights[place] += added
        spare -= added
    return math.fsum(weights * values)


def compare_portfolios(earlier: pd.DataFrame, later: pd.DataFrame) -> pd.DataFrame:
    """Set the tilts of two dates side by side: what moved, what came to be known.

    Parameters
    ----------
    earlier, later : DataFrame
        From :func:`tilt_dimensions`, of the same state and powers at two dates.

    Returns
    -------
    DataFrame
        ``dimension, tilt_before, tilt_after, change`` (missing unless both are known).
    """
    both = earlier[["dimension", "tilt"]].merge(
        later[["dimension", "tilt"]], on="dimension", suffixes=("_before", "_after"), validate="one_to_one"
    )
    return both.assign(change=both["tilt_after"] - both["tilt_before"])
