"""Plain agreement of two states over the roll calls in which both are known to have voted."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.measures.checks import check_choice, check_columns
from analysis.measures.windows import Day

_PLACES = {"yes": 1.0, "abstain": 0.5, "no": 0.0}
ABSENCES = ("left_out", "as_abstention")


def agree_votes(
    votes: pd.DataFrame,
    states: Sequence[str],
    powers: Sequence[str],
    as_of: Day,
    *,
    absence: str = "left_out",
    in_common: bool = False,
) -> pd.DataFrame:
    """Measure how far each state agrees with each power: 1 - mean distance of their votes.

    Parameters
    ----------
    votes : DataFrame
        The table `votes`.
    states, powers : sequence of str
        Actor codes.
    as_of : Timestamp or ISO date
        Only roll calls held by this day count.
    absence : str
        "left_out": a roll call that either missed says nothing. "as_abstention": staying away counts as abstaining.
        A vote that is not known is left out in both.
    in_common : bool
        Only roll calls in which the state and all the powers are known to have voted count, so that the agreements
        of one state may be compared with each other.

    Returns
    -------
    DataFrame
        ``state, power, n`` (common roll calls)``, agreement`` (0 to 1, missing where n is 0)``, roll_calls`` (their
        names, in order, blanks between), one row for each pair.

    Raises
    ------
    MeasureError
        If `absence` is neither.

    Notes
    -----
    yes, abstain and no are placed at 1, 1/2 and 0 and the agreement is one minus the mean absolute distance. That is
    the three-category agreement score of E. Voeten's data on the General Assembly, and (S + 1)/2 for S of C. S.
    Signorino and J. M. Ritter (1999), "Tau-b or Not Tau-b", International Studies Quarterly 43(1), 115-144, with
    absolute distances and equal weights.

    Examples
    --------
    >>> calls = [("A", "TGO", "abstain"), ("A", "FRA", "yes"), ("B", "TGO", "yes"), ("B", "FRA", "yes")]
    >>> votes = pd.DataFrame(calls, columns=["roll_call_id", "state", "vote"]).assign(date=pd.Timestamp("2022-03-02"))
    >>> agree_votes(votes, ["TGO"], ["FRA"], "2022-12-31")
      state power  n  agreement roll_calls
    0   TGO   FRA  2       0.75        A B
    """
    check_columns(votes, ("roll_call_id", "date", "state", "vote"), "votes")
    check_choice("treatment of absences", absence, ABSENCES)
    places = _PLACES | ({"absent": 0.5} if absence == "as_abstention" else {})
    held = votes[votes["date"] <= pd.Timestamp(as_of)]
    by_state: dict[str, dict[str, float]] = {}
    for call, state, vote in zip(held["roll_call_id"], held["state"], held["vote"], strict=True):
        if isinstance(vote, str) and vote in places:
            by_state.setdefault(state, {})[call] = places[vote]
    rows = []
    shared = set.intersection(*(set(by_state.get(power, {})) for power in powers)) if in_common and powers else None
    for state in states:
        for power in powers:
            own, other = by_state.get(state, {}), by_state.get(power, {})
            common = sorted(own.keys() & other.keys() & (own.keys() if shared is None else shared))
            distance = sum(abs(own[call] - other[call]) for call in common)
            agreement = 1 - distance / len(common) if common else float("nan")
            rows.append((state, power, len(common), agreement, " ".join(common)))
    return pd.DataFrame(rows, columns=["state", "power", "n", "agreement", "roll_calls"])
