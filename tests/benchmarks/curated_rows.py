"""Write any number of hand-coded events and claims, made of the real ones by a seeded generator.

An event keeps the kind, domain and wording of a real one and gets other actors and days, and a number of its own. A
claim is a real one under another identifier, carried by another outlet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

from analysis import reference
from analysis.paths import RAW

EVENT_FILES = ("togo_events.csv", "region_events.csv", "security_events.csv")
OWN_SHARE, OTHER_SHARE = 0.15, 0.2
"""Shares of a state's events that lie within it, and that are with a state that is no power."""
_LAST_DAYS = (0, 0, 0, 0, 1, 3)


def list_states() -> list[str]:
    """The states that have a number of the Correlates of War or of Gleditsch and Ward, by ISO code; some 195."""
    states = reference.load("states")
    return states.loc[(states["cow_number"] != "") | (states["gw_number"] != ""), "iso3"].tolist()


def write_events(
    path: Path, n_rows: int, *, powers: Sequence[str], start: str, end: str = "2026-02-28", seed: int = 20181
) -> None:
    """Write events of every state in turn, with the powers mostly; the same seed gives the same bytes."""
    rng = np.random.default_rng(seed)
    real = pd.concat([_read(RAW / name) for name in EVENT_FILES], ignore_index=True).fillna("")
    states, days = np.array(list_states()), pd.date_range(start, end)
    state = states[np.arange(n_rows) % len(states)]
    kind = rng.random(n_rows)
    partner = np.where(kind < OWN_SHARE, state, np.array(powers)[rng.integers(0, len(powers), n_rows)])
    is_other = (kind >= OWN_SHARE) & (kind < OWN_SHARE + OTHER_SHARE)
    partner = np.where(is_other, states[rng.integers(0, len(states), n_rows)], partner)
    first = days[rng.integers(0, len(days), n_rows)]
    last = pd.DatetimeIndex(np.minimum(first + pd.to_timedelta(rng.choice(_LAST_DAYS, n_rows), "D"), days[-1]))
    is_turned = rng.random(n_rows) < 0.5
    rows = real.iloc[rng.integers(0, len(real), n_rows)].reset_index(drop=True)
    number = np.arange(n_rows).astype(str)
    rows = rows.assign(
        event_id=np.char.add("LOAD", np.char.zfill(number, 7)),
        date_start=first.strftime("%Y-%m-%d"),
        date_end=last.strftime("%Y-%m-%d"),
        date_precision="day",
        actor1=np.where(is_turned, state, partner),
        actor2=np.where(is_turned, partner, state),
        summary=[f"Happening {n}: {text[:120]}" for n, text in zip(number, rows["summary"], strict=True)],
        source1_url=np.char.add("https://example.org/", number),
        source1_date=last.strftime("%Y-%m-%d"),
        **dict.fromkeys(["third_parties", "place", "source2_outlet", "source2_url", "source2_date"], ""),
        **dict.fromkeys(["statement_certainty", "weak_fit"], ""),
    )
    rows.to_csv(path, index=False)


@contextmanager
def many_claims(path: Path, n_rows: int) -> Iterator[None]:
    """Write claims, and while the context lasts judge them as the real ones that they repeat.

    Judgements are reference tables of the package; no file of it is touched.
    """
    real = _read(RAW / "togo_claims.csv")
    copies = -(-n_rows // len(real))
    repeated = pd.concat([_renamed(real, copy) for copy in range(copies)], ignore_index=True)[:n_rows]
    repeated.to_csv(path, index=False)
    known, load = set(repeated["claim_id"]), reference.load

    def load_many(name: str) -> pd.DataFrame:
        table = load(name)
        if name not in ("claim_values", "claim_origins"):
            return table
        many = pd.concat([_renamed(table, copy) for copy in range(copies)], ignore_index=True)
        return many[many["claim_id"].isin(known)].reset_index(drop=True)

    with patch.object(reference, "load", load_many):
        yield


def _renamed(rows: pd.DataFrame, copy: int) -> pd.DataFrame:
    """The rows as they are, or as another outlet's; of two copies the second is a search or a voice as the first."""
    if copy == 0:
        return rows
    mark = f"-{copy}"
    changed = rows.assign(claim_id=rows["claim_id"] + mark)
    if "url" in rows:
        changed["url"] = rows["url"].where(~rows["url"].str.startswith("http"), rows["url"] + f"#{copy}")
        changed["outlet"] = rows["outlet"] + f" {copy}"
    return changed


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)
