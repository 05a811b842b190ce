"""The mean Goldstein score of each PLOVER type, from two published tables; writes plover.csv.

``python -m analysis.reference.derive_plover_scores CAMEO2PLOVER-2021.txt CAMEO.goldsteinscale.txt > plover.csv``

Every CAMEO code of three or four digits counts once, general ("not specified below") and
special ones alike, for events are coded with both. Left out are the two-digit headings (08
stands over two types), codes without a published score, and repeated lines. Codes are not
weighted by how often they occur: that would tie the score to one data source.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean

import pandas as pd

from analysis.errors import TightropeError
from analysis.reference import load

_MAPPING = re.compile(r"(?P<code>\d{3,4}):\s*(?P<type>[A-Z]+)\s*,")
_HEADING = re.compile(r"\d{2}:\s*[A-Z]+\s*$")
_SCORE = re.compile(r"(?P<code>\d{2,4})\t(?P<score>-?\d+(\.\d+)?)$")


def read_cameo_types(text: str) -> dict[str, str]:
    r"""The PLOVER type of each CAMEO code, from the published conversion table.

    Raises
    ------
    TightropeError
        A line is neither a heading nor a mapping, or a code has two types.

    Examples
    --------
    >>> read_cameo_types("04: CONSULT\n040: CONSULT, ,  # Consult\n041: CONSULT, phone,   # Telephone\n~~~~~")
    {'040': 'CONSULT', '041': 'CONSULT'}
    """
    types: dict[str, str] = {}
    for line in map(str.strip, text.splitlines()):
        mapping = _MAPPING.match(line)
        if not mapping:
            if line[:1].isdigit() and not _HEADING.match(line):
                raise TightropeError(f"not a line of the conversion table: {line!r}")
            continue
        code, plover_type = mapping["code"], mapping["type"]
        if types.setdefault(code, plover_type) != plover_type:
            raise TightropeError(f"CAMEO code {code} has two types, {types[code]} and {plover_type}")
    return types


def read_goldstein(text: str) -> dict[str, float]:
    r"""The Goldstein score of each CAMEO code, from the published table (a header, then code and score).

    Raises
    ------
    TightropeError
        A line is no code with a score.

    Examples
    --------
    >>> read_goldstein("CAMEOEVENTCODE\tGOLDSTEINSCALE\n040\t1.0\n042\t1.9\n")
    {'040': 1.0, '042': 1.9}
    """
    scores: dict[str, float] = {}
    for line in filter(None, map(str.strip, text.splitlines()[1:])):
        found = _SCORE.match(line)
        if not found:
            raise TightropeError(f"not a code and its Goldstein score: {line!r}")
        scores[found["code"]] = float(found["score"])
    return scores


def derive_plover_scores(types: Mapping[str, str], scores: Mapping[str, float]) -> pd.DataFrame:
    """The reference table `plover`, one row per PLOVER type, as text.

    Parameters
    ----------
    types : mapping of str to str
        PLOVER type of each CAMEO code.
    scores : mapping of str to float
        Goldstein score of each CAMEO code, in Goldstein points from -10 to 10.

    Returns
    -------
    DataFrame
        plover_type, quad_class, is_material, derived_score (mean, four decimals),
        n_cameo_codes (codes averaged), reason.

    Raises
    ------
    TightropeError
        A type has no quad class, or no code with a score.
    """
    classes = load("plover_quad_classes").set_index("plover_type")["quad_class"]
    strangers = sorted(set(types.values()) - set(classes.index))
    if strangers:
        raise TightropeError(f"types without a quad class: {', '.join(strangers)}")
    rows = []
    for plover_type, quad_class in classes.items():
        codes = sorted(code for code, of_type in types.items() if of_type == plover_type)
        scored = [code for code in codes if code in scores]
        if not scored:
            raise TightropeError(f"no CAMEO code of {plover_type} has a Goldstein score")
        missing = [code for code in codes if code not in scores]
        rows.append(
            {
                "plover_type": plover_type,
                "quad_class": quad_class,
                "is_material": str(quad_class.startswith("material_")).lower(),
                "derived_score": f"{fmean(scores[code] for code in scored):.4f}",
                "n_cameo_codes": str(len(scored)),
                "reason": f"mean Goldstein score of {len(scored)} CAMEO codes"
                + (f"; {', '.join(missing)} left out, without a score" if missing else ""),
            }
        )
    return pd.DataFrame(rows)


def main(arguments: list[str]) -> None:
    """Write the derived table to standard output."""
    if len(arguments) != 2:
        raise SystemExit("usage: python -m analysis.reference.derive_plover_scores CAMEO2PLOVER GOLDSTEIN > plover.csv")
    types, scores = (Path(argument).read_text(encoding="utf-8") for argument in arguments)
    table = derive_plover_scores(read_cameo_types(types), read_goldstein(scores))
    table.to_csv(sys.stdout, index=False, lineterminator="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
