"""Claims: what outlets say of contested questions, and the statements to be tested against them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from analysis.cleaning.dates import parse_partial, refuse_unknowable
from analysis.cleaning.result import Cleaned, refuse_missing, reject
from analysis.errors import RowError, TightropeError
from analysis.schema import ARTICLE_CLAIMS, CLAIMS

_QUESTION = re.compile(r"(?P<id>C\d+[a-z]?): (?P<text>.+)")
_STATEMENT_KINDS = ("event", "measure", "tie")


def clean_claims(raw: pd.DataFrame, accessed: Mapping[str, pd.Timestamp] = MappingProxyType({})) -> Cleaned:
    """Rows of layout "claims" as the table `claims`; one published after the day its file was accessed is rejected."""
    rows, rejects = [], []
    seen: dict[str, str] = {}
    for row in raw.to_dict("records"):
        try:
            _refuse_repeated(row, seen)
            question = _QUESTION.fullmatch(row["claim"])
            if not question:
                raise RowError(f"question {row['claim']!r}; write it as 'C1a: the question'")
            if not row["version"]:
                raise RowError("the version is empty; say what the outlet says")
            refuse_unknowable(row["published"], row, accessed)
            published, _, precision = parse_partial(row["published"]) if row["published"] else (None, None, None)
        except TightropeError as error:
            rejects.append(reject(row, str(error)))
            continue
        seen[row["claim_id"]] = f"{row['file']} line {row['line']}"
        rows.append(
            {
                "claim_id": row["claim_id"], "question_id": question["id"], "question": question["text"],
                "version": row["version"], "outlet": row["outlet"] or None, "published": published,
                "published_precision": precision, "url": row["url"] or None, "is_search": False,
                "file": row["file"], "line": row["line"],
            }
        )  # fmt: skip
    return Cleaned(tables={"claims": CLAIMS.frame(rows)}, merges=[], rejects=rejects)


def clean_article_claims(raw: pd.DataFrame, subjects: pd.DataFrame) -> Cleaned:
    """Rows of layout "article_claims" as the table `article_claims`, each with its state of `statement_subjects`."""
    rows, rejects = [], []
    states = subjects.set_index("claim_id")["state"].to_dict()
    seen: dict[str, str] = {}
    for row in raw.to_dict("records"):
        try:
            _refuse_repeated(row, seen)
            if row["kind"] not in _STATEMENT_KINDS:
                raise RowError(f"kind {row['kind']!r}; accepted: {', '.join(_STATEMENT_KINDS)}")
            placed = {**row, "state": states.get(row["claim_id"])}
            cleaned = {column: placed[column] or None for column in ARTICLE_CLAIMS.columns}
            refuse_missing(cleaned, ARTICLE_CLAIMS)
        except TightropeError as error:
            rejects.append(reject(row, str(error)))
            continue
        seen[row["claim_id"]] = f"{row['file']} line {row['line']}"
        rows.append(cleaned)
    return Cleaned(tables={"article_claims": ARTICLE_CLAIMS.frame(rows)}, merges=[], rejects=rejects)


def _refuse_repeated(row: dict[str, str], seen: dict[str, str]) -> None:
    claim = row["claim_id"]
    if not claim or claim in seen:
        where = f" stands already in {seen[claim]}" if claim else " is empty"
        raise RowError(f"claim_id {claim!r}{where}; every claim needs its own")
