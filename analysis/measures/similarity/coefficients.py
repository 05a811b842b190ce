"""The measures of similarity, each from the joint table of a pair, and the cases in which one is undefined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.measures.similarity.joint import Floats

MEASURES = ("agreement", "voeten_agreement", "s", "kappa", "pi", "tau_b", "a")
NO_WEIGHT = "no weight"
NO_VARIATION = "no variation"
NO_ORDER = "categories have no order"
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Scale:
    """How far categories are apart: the distance of S and A, of kappa and of pi, and whether they have an order."""

    distance: str
    kappa_distance: str
    pi_distance: str
    is_ordered: bool = True


def distances(kind: str, n_categories: int) -> Floats:
    """Set out how far each category is from each, in whole numbers.

    Examples
    --------
    >>> distances("squared", 3).tolist()
    [[0.0, 1.0, 4.0], [1.0, 0.0, 1.0], [4.0, 1.0, 0.0]]
    """
    steps = np.abs(np.subtract.outer(np.arange(n_categories), np.arange(n_categories))).astype(np.float64)
    return {"absolute": steps, "squared": steps**2, "nominal": np.minimum(steps, 1.0)}[kind]


class PairTables:
    """The joint tables of many pairs, shape (categories, categories, pairs), and what the measures share of them."""

    def __init__(self, joint: Floats, n_common: Floats, scale: Scale) -> None:
        self.joint = joint
        self.n_common = n_common
        self.scale = scale
        self.n_categories = len(joint)
        self.margin_a = joint.sum(axis=1)
        self.margin_b = joint.sum(axis=0)
        self.total = self.margin_a.sum(axis=0)

    def measure(self, names: Sequence[str], no_common: str) -> tuple[dict[str, Floats], pd.Series]:
        """Find the named measures, and in one text per pair which are undefined and why.

        Parameters
        ----------
        names : sequence of str
            Among :data:`MEASURES`.
        no_common : str
            What to say of a pair without common items.

        Returns
        -------
        values : dict of float arrays, shape (pairs,)
            NaN where undefined.
        undefined : Series of str, length pairs
            Empty, or such as ``"kappa, pi: no variation"``.
        """
        values, reasons = {}, {}
        for name in names:
            values[name], reasons[name] = _COEFFICIENTS[name](self)
        has_common, has_weight = self.n_common > 0, self.total > 0
        for value in values.values():
            value[~has_weight] = np.nan
        return values, _tell(names, values, reasons | {"": no_common}, has_common, has_weight)

    def observed(self, kind: str) -> Floats:
        """Sum of the distances between the two, over all items."""
        steps = distances(kind, self.n_categories).reshape(-1)
        return steps @ self.joint.reshape(len(steps), -1)

    def greatest(self, kind: str) -> Floats:
        """Sum of the distances if the two were as far apart as can be on every item."""
        return self.total * distances(kind, self.n_categories).max()

    def expected(self, kind: str, one: Floats, other: Floats) -> Floats:
        """Sum over all pairs of categories of their distance times the two margins."""
        return np.einsum("xp,xp->p", one, distances(kind, self.n_categories) @ other)


def _agreement(tables: PairTables) -> tuple[Floats, str]:
    return _one_less(tables.observed("nominal"), tables.total), ""


def _voeten_agreement(tables: PairTables) -> tuple[Floats, str]:
    return _if_ordered(tables, _one_less(tables.observed("absolute"), tables.greatest("absolute")), "")


def _s(tables: PairTables) -> tuple[Floats, str]:
    kind = tables.scale.distance
    return _one_less(2.0 * tables.observed(kind), tables.greatest(kind)), ""


def _kappa(tables: PairTables) -> tuple[Floats, str]:
    kind = tables.scale.kappa_distance
    expected = tables.expected(kind, tables.margin_a, tables.margin_b)
    return _one_less(tables.observed(kind) * tables.total, expected), NO_VARIATION


def _pi(tables: PairTables) -> tuple[Floats, str]:
    kind = tables.scale.pi_distance
    both = tables.margin_a + tables.margin_b
    expected = tables.expected(kind, both, both)
    return _one_less(4.0 * tables.observed(kind) * tables.total, expected), NO_VARIATION


def _tau_b(tables: PairTables) -> tuple[Floats, str]:
    steps = np.arange(tables.n_categories)
    turns = np.sign(np.subtract.outer(steps, steps)).astype(np.float64)
    counts = tables.joint.reshape(tables.n_categories**2, -1)
    # items ordered alike less items ordered oppositely, each pair of items met from both of its ends
    ordered = np.einsum("xp,xp->p", counts, np.kron(turns, turns) @ counts)
    # products of different categories, not total² less squares: so that "no variation" is an exact zero
    untied = [tables.expected("nominal", margin, margin) for margin in (tables.margin_a, tables.margin_b)]
    value = _divide(ordered, np.sqrt(untied[0] * untied[1]))
    return _if_ordered(tables, value, NO_VARIATION)


def _a(tables: PairTables) -> tuple[Floats, str]:
    kind = tables.scale.distance
    expected = tables.expected(kind, tables.margin_a, tables.margin_b)
    return _divide(2.0 * (expected - tables.observed(kind) * tables.total), tables.greatest(kind) * tables.total), ""


_COEFFICIENTS: dict[str, Callable[[PairTables], tuple[Floats, str]]] = {
    "agreement": _agreement,
    "voeten_agreement": _voeten_agreement,
    "s": _s,
    "kappa": _kappa,
    "pi": _pi,
    "tau_b": _tau_b,
    "a": _a,
}


def _divide(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def _one_less(part: Floats, whole: Floats) -> Floats:
    """1 - part / whole, with one rounding where both are whole numbers."""
    return _divide(whole - part, whole)


def _if_ordered(tables: PairTables, value: Floats, otherwise: str) -> tuple[Floats, str]:
    return (value, otherwise) if tables.scale.is_ordered else (np.full_like(value, np.nan), NO_ORDER)


def _tell(
    names: Sequence[str], values: dict[str, Floats], reasons: dict[str, str], has_common: Flags, has_weight: Flags
) -> pd.Series:
    """Write why values are missing: few texts, and for each pair the number of its own."""
    pattern = has_common.astype(np.int64) + 2 * has_weight
    for place, name in enumerate(names):
        pattern += np.isnan(values[name]).astype(np.int64) << (place + 2)
    kinds = np.flatnonzero(np.bincount(pattern, minlength=1))
    places = np.zeros(kinds.max(initial=0) + 1, dtype=np.intp)
    places[kinds] = np.arange(len(kinds))
    texts = pd.Series([_text_of(int(kind), names, reasons) for kind in kinds], dtype="str")
    return texts.take(places[pattern])


def _text_of(kind: int, names: Sequence[str], reasons: dict[str, str]) -> str:
    missing = [name for place, name in enumerate(names) if kind >> (place + 2) & 1]
    if not missing:
        return ""
    if not kind & 2:
        return f"{', '.join(missing)}: {NO_WEIGHT if kind & 1 else reasons['']}"
    by_reason: dict[str, list[str]] = {}
    for name in missing:
        by_reason.setdefault(reasons[name], []).append(name)
    return "; ".join(f"{', '.join(group)}: {reason}" for reason, group in by_reason.items())
