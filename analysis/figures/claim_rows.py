"""Rows for the figure of dated claims: of very many origins and pages, those whose marks look alike share one."""

from __future__ import annotations

import pandas as pd

from analysis.language import message, say, say_number

MOST_ROWS = 40
"""Rows of a figure that stands on one page of paper."""
LEAST_ROWS = 6
"""Rows that a question keeps, however many questions there are."""
MOST_MARKS = 12
"""Marks of a row; of more, neighbours lie closer than the lines that draw them."""
_PLACE = ["grade", "is_leading", "first", "last"]
_UNITS = {
    "D": message("Alike are those of one day and grade."),
    "M": message("Alike are those of one month and grade."),
    "Y": message("Alike are those of one year and grade."),
}
_SHARED = message(
    "Drawn are {marks}, for {versions} of {origins}: those that look alike stand as one. All are in the published "
    "table of versions."
)


def thin_dates(versions: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Leave out marks that cannot be told apart, where there are more than a figure can show.

    A row with more than `MOST_MARKS` pages keeps one page of each place. If there are more than `MOST_ROWS` rows,
    origins whose marks have the same places share a row, named after the first; where that is not enough, the last row
    of a question holds all the rest. Places are days, or where these are too many, months or years.

    Parameters
    ----------
    versions : DataFrame
        As :func:`analysis.figures.plot_claim_dates` takes them.

    Returns
    -------
    tuple of DataFrame and list of str
        The pages to draw, `origin` naming the row, and what a caption must say of it; all pages and nothing where they
        are few.

    Examples
    --------
    >>> day = pd.Timestamp("2025-11-19")
    >>> versions = pd.DataFrame({
    ...     "question": "When?", "origin": [f"outlet {n}" for n in range(50)], "grade": "wire", "is_official": False,
    ...     "version": 0, "start": day, "end": day,
    ... })
    >>> few, said = thin_dates(versions[:3])
    >>> len(few), said
    (3, [])
    >>> few, said = thin_dates(versions)
    >>> few["origin"].tolist(), said[-1]
    (['outlet 0 and 49 more'], 'Alike are those of one day and grade.')
    """
    groups = [own for _, own in versions.groupby("question", sort=False)]
    n_rows = sum(own["origin"].nunique() for own in groups)
    room = max(LEAST_ROWS, MOST_ROWS // max(len(groups), 1)) if n_rows > MOST_ROWS else n_rows
    thinned, units = [], set()
    for own in groups:
        by_origin, page_units = _thin_pages(own)
        rows, row_unit = _share_rows(by_origin, room)
        thinned.append(rows)
        units |= {*page_units, *row_unit}
    kept = pd.concat(thinned)[versions.columns] if units else versions
    return kept, _describe(versions, kept, units)


def _thin_pages(own: pd.DataFrame) -> tuple[pd.DataFrame, set[str]]:
    """Of each origin with very many pages one of each place, and which units that took."""
    is_few = own.groupby("origin", sort=False)["origin"].transform("size") <= MOST_MARKS
    is_kept, units = is_few.copy(), set()
    for _, pages in own[~is_few].groupby("origin", sort=False):
        for unit in _UNITS:
            few = _place(pages, unit).drop_duplicates(_PLACE)
            if len(few) <= MOST_MARKS:
                break
        is_kept[few.index] = True
        units.add(unit)
    return own[is_kept], units


def _share_rows(own: pd.DataFrame, room: int) -> tuple[pd.DataFrame, set[str]]:
    """Origins that look alike in one row, at most so many rows, and which unit that took."""
    if own["origin"].nunique() <= room:
        return own, set()
    for unit in _UNITS:
        placed = _place(own, unit)
        placed["mark"] = list(zip(placed["is_official"], *(placed[name] for name in _PLACE), strict=True))
        looks = placed.groupby("origin", sort=False)["mark"].agg(frozenset)
        if looks.nunique() <= room:
            break
    rows = pd.Series(pd.factorize(looks)[0], looks.index).clip(upper=room - 1)
    placed["row"] = placed["origin"].map(rows)
    named = placed.groupby("row", sort=False)["origin"].agg(_name_row)
    shared = placed.drop_duplicates(["row", *_PLACE]).sort_values("row", kind="stable")
    return shared.assign(origin=shared["row"].map(named)), {unit}


def _place(pages: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Where each page's mark lies, and how it looks."""
    return pages.assign(
        is_leading=pages["version"] == 0,
        first=pages["start"].dt.to_period(unit), last=pages["end"].dt.to_period(unit),
    )  # fmt: skip


def _name_row(origins: pd.Series) -> str:
    first, *others = dict.fromkeys(origins)
    rest = len(others)
    return say_number(rest, "{ids} and {n} more", "{ids} and {n} more", ids=first) if rest else str(first)


def _describe(versions: pd.DataFrame, kept: pd.DataFrame, units: set[str]) -> list[str]:
    if not units:
        return []
    told = say(
        _SHARED,
        marks=say_number(len(kept), "{n} mark", "{n} marks"),
        origins=say_number(versions["origin"].nunique(), "{n} independent origin", "{n} independent origins"),
        versions=say_number(len(versions), "{n} version", "{n} versions"),
    )
    return [told, say(_UNITS[max(units, key=list(_UNITS).index)])]
