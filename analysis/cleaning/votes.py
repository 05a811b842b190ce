"""Roll-call votes: one state's vote a row, missing where the sources do not say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import pandas as pd

from analysis.cleaning.dates import parse_partial, refuse_unknowable
from analysis.cleaning.result import Cleaned, reject
from analysis.errors import RowError, TightropeError
from analysis.schema import VOTE_CHOICES, VOTES


def clean_votes(
    files: Iterable[pd.DataFrame],
    resolve_state: Callable[[str], str],
    accessed: Mapping[str, pd.Timestamp] = MappingProxyType({}),
) -> Cleaned:
    """Votes of all files as the table `votes`; a second row of the same state and roll call is rejected.

    Parameters
    ----------
    files : iterable of DataFrame
        Raw rows of layout "votes".
    resolve_state : callable
        A state's name or code to its code; raises UnknownNameError.
    accessed : dict of str to Timestamp
        Day of access by file name: a vote dated later is rejected.
    """
    rows, rejects = [], []
    seen: dict[tuple[str, str], str] = {}
    for raw in pd.concat(list(files), ignore_index=True).to_dict("records"):
        try:
            state = resolve_state(raw["state"])
            day, _, precision = parse_partial(raw["date"])
            refuse_unknowable(raw["date"], raw, accessed)
            if precision != "day":
                raise RowError(f"date {raw['date']!r} is no day; a vote needs YYYY-MM-DD")
            if raw["vote"] and raw["vote"] not in VOTE_CHOICES:
                raise RowError(f"vote {raw['vote']!r}; accepted: {', '.join(VOTE_CHOICES)}, or empty for not known")
            if not raw["resolution"]:
                raise RowError("the resolution is empty; a vote needs the roll call it was cast in")
            key = (raw["resolution"], state)
            if key in seen:
                raise RowError(f"{state} on {raw['resolution']} stands already in {seen[key]}")
            seen[key] = f"{raw['file']} line {raw['line']}"
        except TightropeError as error:
            rejects.append(reject(raw, str(error)))
            continue
        rows.append(
            {
                "roll_call_id": raw["resolution"], "date": day, "state": state, "vote": raw["vote"] or None,
                "file": raw["file"], "line": raw["line"], "url": raw["source_url"] or None, "note": raw["note"] or None,
            }
        )  # fmt: skip
    return Cleaned(tables={"votes": VOTES.frame(rows)}, merges=[], rejects=rejects)
