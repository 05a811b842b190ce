"""What each CAMEO code means here, from three published tables; writes cameo.csv.

``python -m analysis.reference.derive_cameo CAMEO2PLOVER-2021.txt CAMEO.goldsteinscale.txt
icews_goldstein_mappings.csv.gz > cameo.csv``

The PLOVER type and the context come from the conversion table, the scores from each source's own
scale, the quad class from the two-digit root of the code. A two-digit heading has the type that
the conversion table prints for it; 08 is printed over two types and so has none.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from analysis.errors import TightropeError
from analysis.reference import load
from analysis.reference.derive_plover_scores import read_cameo_types, read_goldstein
from analysis.schema import QUAD_CLASSES

_HEADING = re.compile(r"(?P<code>\d{2}):\s*(?P<type>[A-Z]+)\s*$")
_CONTEXT = re.compile(r"(?P<code>\d{3,4}):\s*[A-Z]+\s*,(?P<mode>[^,#]*),(?P<context>[^#]*)")
_CODE = re.compile(r"\d{2,4}")
# Last root of each class: 01-05, 06-08, 09-13, 14-20.
_LAST_ROOTS = dict(zip((5, 8, 13, 20), QUAD_CLASSES, strict=True))
# What the QuadClass column of every GDELT file at hand says of these roots.
_GDELT_ELSEWHERE = {"09": "material_cooperation", "14": "verbal_conflict"}
_NO_EVENT = ("01", "02")


def read_cameo_headings(text: str) -> dict[str, str]:
    r"""The PLOVER type of each two-digit heading of the conversion table, where it has but one.

    Examples
    --------
    >>> read_cameo_headings("03: AGREE\n030: AGREE, , diplomatic\n08: CONCEDE\n080: CONCEDE, ,\n08: RETREAT")
    {'03': 'AGREE'}
    """
    types: dict[str, set[str]] = {}
    for heading in filter(None, map(_HEADING.match, map(str.strip, text.splitlines()))):
        types.setdefault(heading["code"], set()).add(heading["type"])
    return {code: of_type.pop() for code, of_type in types.items() if len(of_type) == 1}


def read_cameo_contexts(text: str) -> dict[str, tuple[str, ...]]:
    r"""The PLOVER contexts of each CAMEO code, from the conversion table.

    A line whose mode is itself a context (175) has its fields mixed up and gives no context.

    Raises
    ------
    TightropeError
        A context is not in the table `polecat_contexts`.

    Examples
    --------
    >>> read_cameo_contexts("091: ACCUSE, investigate, crime; corruption # x\n041: CONSULT, phone,   # y")
    {'091': ('crime', 'corruption'), '041': ()}
    """
    known = set(load("polecat_contexts")["context"])
    contexts: dict[str, tuple[str, ...]] = {}
    for line in filter(None, map(_CONTEXT.match, map(str.strip, text.splitlines()))):
        words = tuple(filter(None, map(str.strip, line["context"].split(";"))))
        strangers = [word for word in words if word not in known]
        if strangers:
            raise TightropeError(f"CAMEO code {line['code']} has a context that is not known: {', '.join(strangers)}")
        contexts[line["code"]] = () if line["mode"].strip() in known else words
    return contexts


def read_icews_scores(path: Path) -> dict[str, float]:
    """The Goldstein score of each CAMEO code as ICEWS publishes it (columns `code` and `goldstein`).

    Raises
    ------
    TightropeError
        The file lacks a column, or a code has no score.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if not {"code", "goldstein"} <= set(table.columns):
        raise TightropeError(f"{path.name} has no columns code and goldstein but {', '.join(table.columns)}")
    faults = table[~table["code"].str.fullmatch(_CODE) | (table["goldstein"] == "")]
    if len(faults):
        raise TightropeError(f"not a code and its Goldstein score: {', '.join(faults['code'])}")
    return dict(zip(table["code"], table["goldstein"].astype(float), strict=True))


def quad_class_of(code: str) -> str:
    """The quad class of a CAMEO code, from its root.

    Roots 01-05 are verbal cooperation, 06-08 material cooperation, 09-13 verbal conflict and 14-20
    material conflict, the division in use for CAMEO. The QuadClass column of the GDELT files puts
    09 under material cooperation and 14 under verbal conflict instead.

    Raises
    ------
    TightropeError
        The code has no root of CAMEO.

    Examples
    --------
    >>> quad_class_of("020"), quad_class_of("20")
    ('verbal_cooperation', 'material_conflict')
    """
    root = int(code[:2]) if _CODE.fullmatch(code) else 0
    if not 1 <= root <= max(_LAST_ROOTS):
        raise TightropeError(f"not a CAMEO code: {code!r}")
    return next(quad for last, quad in _LAST_ROOTS.items() if root <= last)


def derive_cameo(
    types: Mapping[str, str],
    contexts: Mapping[str, tuple[str, ...]],
    gdelt: Mapping[str, float],
    icews: Mapping[str, float],
) -> pd.DataFrame:
    """The reference table `cameo`, one row per CAMEO code, as text.

    Parameters
    ----------
    types : mapping of str to str
        PLOVER type of each code that has one, headings among them.
    contexts : mapping of str to tuple of str
        PLOVER contexts of each code.
    gdelt, icews : mapping of str to float
        Goldstein score of each code in the scale of that source, from -10 to 10.

    Returns
    -------
    DataFrame
        cameo_code, plover_type, quad_class, goldstein_gdelt, goldstein_icews, domain, reason;
        empty where nothing is published.

    Raises
    ------
    TightropeError
        A context of the conversion table is not in the table `polecat_contexts`.
    """
    plover_quads = load("plover_quad_classes").set_index("plover_type")["quad_class"]
    domains = load("polecat_contexts").set_index("context")["domain"]
    strangers = sorted(set(types.values()) - set(plover_quads.index))
    if strangers:
        raise TightropeError(f"types without a quad class: {', '.join(strangers)}")
    rows = []
    for code in sorted({*types, *gdelt, *icews}):
        plover_type, quad_class = types.get(code, ""), quad_class_of(code)
        words = contexts.get(code, ())
        in_domains = sorted({domains[word] for word in words} - {""})
        rows.append(
            {
                "cameo_code": code,
                "plover_type": plover_type,
                "quad_class": quad_class,
                "goldstein_gdelt": _as_text(gdelt.get(code)),
                "goldstein_icews": _as_text(icews.get(code)),
                "domain": in_domains[0] if len(in_domains) == 1 else "",
                "reason": "; ".join(
                    [
                        _why_type(code, plover_type),
                        *_why_quad_class(code, quad_class, plover_quads.get(plover_type, quad_class)),
                        *_why_score(gdelt.get(code), icews.get(code)),
                        *_why_domain(words, in_domains),
                    ]
                ),
            }
        )
    return pd.DataFrame(rows)


def _as_text(score: float | None) -> str:
    return "" if score is None else f"{score:.1f}"


def _why_type(code: str, plover_type: str) -> str:
    if plover_type:
        return f"{plover_type} in the conversion table"
    if code[:2] in _NO_EVENT:
        return "statements and appeals are no events in PLOVER"
    return "no one type in the conversion table"


def _why_quad_class(code: str, quad_class: str, of_type: str) -> Iterator[str]:
    if code[:2] in _GDELT_ELSEWHERE:
        yield f"the files of GDELT say {_GDELT_ELSEWHERE[code[:2]]}"
    if of_type != quad_class:
        yield f"PLOVER says {of_type}"


def _why_score(gdelt: float | None, icews: float | None) -> Iterator[str]:
    missing = [name for name, score in (("GDELT", gdelt), ("ICEWS", icews)) if score is None]
    if missing:
        yield f"no score published by {' or '.join(missing)}"
    elif gdelt != icews:
        yield "GDELT and ICEWS score it differently"


def _why_domain(words: tuple[str, ...], in_domains: list[str]) -> Iterator[str]:
    said = f"context {' and '.join(words)}"
    if len(in_domains) > 1:
        yield f"{said} of several domains"
    elif words:
        yield f"domain from {said}" if in_domains else f"{said} of no one domain"


def main(arguments: list[str]) -> None:
    """Write the derived table to standard output."""
    if len(arguments) != 3:
        raise SystemExit(
            "usage: python -m analysis.reference.derive_cameo CAMEO2PLOVER GDELT_SCALE ICEWS_SCALE > cameo.csv"
        )
    conversion, scale, icews = map(Path, arguments)
    text = conversion.read_text(encoding="utf-8")
    table = derive_cameo(
        read_cameo_headings(text) | read_cameo_types(text),
        read_cameo_contexts(text),
        read_goldstein(scale.read_text(encoding="utf-8")),
        read_icews_scores(icews),
    )
    table.to_csv(sys.stdout, index=False, lineterminator="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
