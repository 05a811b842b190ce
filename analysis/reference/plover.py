"""PLOVER event types: words or deeds, cooperation or conflict, and a Goldstein score derived for each."""

from __future__ import annotations

from functools import cache

import pandas as pd

from analysis.errors import TightropeError
from analysis.reference import load
from analysis.schema import PLOVER_TYPES

__all__ = ["plover_table"]


def plover_table() -> pd.DataFrame:
    """The reference table `plover`, typed, in the order of the PLOVER manual.

    Returns
    -------
    DataFrame
        plover_type, quad_class, is_material (bool; deeds), derived_score (Goldstein points: the
        mean of the type's CAMEO codes, see :mod:`analysis.reference.derive_plover_scores`),
        n_cameo_codes (int), reason.

    Raises
    ------
    TightropeError
        The table does not hold each PLOVER type once.

    Examples
    --------
    >>> float(plover_table().set_index("plover_type").at["CONSULT", "derived_score"])
    3.0286
    """
    return _plover_table().copy()


@cache
def _plover_table() -> pd.DataFrame:
    table = load("plover")
    if sorted(table["plover_type"]) != sorted(PLOVER_TYPES):
        raise TightropeError("plover.csv must hold each PLOVER type once; derive it again")
    table = table.set_index("plover_type").loc[list(PLOVER_TYPES)].reset_index()
    return table.assign(
        is_material=table["is_material"] == "true",
        derived_score=table["derived_score"].astype("float64"),
        n_cameo_codes=table["n_cameo_codes"].astype("int64"),
    )
