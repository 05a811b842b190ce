"""Similarity of UN votes and ideal points, joined to a panel."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.errors import TightropeError, UnknownNameError
from analysis.panel.joins import attach, check_columns, check_source_codes, check_unique, codes_in, kind_of, look_up

PREFIXES = {"un_votes": "unga", "un_digital_library": "undl"}
COLUMNS: dict[str, tuple[str, ...]] = {
    r"unga_\w+": ("un_votes",),
    r"undl_\w+": ("un_digital_library",),
    r"ideal_point(_a|_b|_distance)?": ("ideal_points",),
}


def add_votes_similarity(
    panel: pd.DataFrame,
    similarity: pd.DataFrame,
    measures: Sequence[str] | None = None,
    *,
    codes: str = "cow",
    source: str = "un_votes",
) -> pd.DataFrame:
    """Add how alike the two states of each dyad-year voted.

    Parameters
    ----------
    panel : DataFrame
        Dyad-years.
    similarity : DataFrame
        year, state_a, state_b and measures, from ``compare_votes``; each pair once, in either order.
    measures : sequence of str, optional
        Columns to add; every column but the key and ``undefined`` when not given.
    codes : {"cow", "gw", "iso3"}
        Which codes its state_a and state_b are.
    source : {"un_votes", "un_digital_library"}
        Where the votes came from; it stands in the names of the columns.

    Returns
    -------
    DataFrame
        The panel with ``unga_<measure>`` (Voeten) or ``undl_<measure>`` (UN Digital Library); missing
        where the source has no row for the pair.

    Raises
    ------
    UnknownNameError, TightropeError
        A choice is unknown, the similarity is by session, its codes are of another system, or a pair stands twice.
    """
    kind = kind_of(panel, dyadic=True)
    if source not in PREFIXES:
        raise UnknownNameError("source of votes", source, PREFIXES)
    if "year" not in similarity.columns and "session" in similarity.columns:
        raise TightropeError("similarity: is by session; a panel needs it by calendar year, from a recipe by year")
    check_columns(similarity, ["year", "state_a", "state_b"], "similarity")
    names = [name for name in similarity.columns if name not in ("year", "state_a", "state_b", "undefined")]
    chosen = list(measures) if measures is not None else names
    for name in chosen:
        if name not in names:
            raise UnknownNameError("measure of similarity", name, names)
    right = similarity.assign(
        a=check_source_codes(similarity["state_a"], codes, "similarity"),
        b=check_source_codes(similarity["state_b"], codes, "similarity"),
        year=similarity["year"].astype("Int64"),
    )
    a, b = (codes_in(panel, kind, side, codes) for side in kind.sides)
    keys = _ordered(pd.DataFrame({"a": a, "b": b, "year": panel["year"].reset_index(drop=True).astype("Int64")}))
    values, _ = look_up(keys, _ordered(right), chosen, "similarity")
    return attach(panel, {f"{PREFIXES[source]}_{name}": values[name] for name in chosen})


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """The pair with its lower code first, for similarity has no direction."""
    swap = (frame["a"] > frame["b"]).fillna(False).astype(bool)
    return frame.assign(a=frame["a"].where(~swap, frame["b"]), b=frame["b"].where(~swap, frame["a"]))


def add_ideal_points(panel: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Add the ideal point of each state, and for dyad-years the distance between the two.

    Parameters
    ----------
    panel : DataFrame
        State-years or dyad-years.
    points : DataFrame
        From ``read_ideal_points``: cow_number, year (session + 1945), ideal_point.

    Returns
    -------
    DataFrame
        The panel with ``ideal_point``, or ``ideal_point_a``, ``ideal_point_b`` and
        ``ideal_point_distance`` (their absolute difference); missing where the source has no
        estimate.

    Raises
    ------
    TightropeError
        The panel has these columns already, or a state-year stands twice in the source.

    Examples
    --------
    >>> from analysis.panel import create_state_years
    >>> points = pd.DataFrame({"cow_number": [461], "year": [2010], "ideal_point": [-0.5]})
    >>> togo = create_state_years(2010, 2011).query("state_code == 'TGO'")
    >>> add_ideal_points(togo, points)["ideal_point"].tolist()
    [-0.5, nan]
    """
    kind = kind_of(panel)
    check_columns(points, ["cow_number", "year", "ideal_point"], "ideal points")
    right = points.assign(
        cow_number=check_source_codes(points["cow_number"], "cow", "ideal points"), year=points["year"].astype("Int64")
    )
    check_unique(right, ["cow_number", "year"], "ideal points")
    columns = {}
    for side in kind.sides:
        keys = pd.DataFrame(
            {
                "cow_number": codes_in(panel, kind, side, "cow"),
                "year": panel["year"].reset_index(drop=True).astype("Int64"),
            }
        )
        columns[f"ideal_point{side}"] = look_up(keys, right, ["ideal_point"], "ideal points")[0]["ideal_point"]
    if kind.is_dyadic:
        columns["ideal_point_distance"] = (columns["ideal_point_a"] - columns["ideal_point_b"]).abs()
    return attach(panel, columns)
