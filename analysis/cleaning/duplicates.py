"""One happening coded by two hands: find the pairs of events that may tell of it.

The score of a pair is 0.35 actors + 0.40 text + 0.10 same PLOVER type + 0.05 nearness + 0.10 different files, each
between 0 and 1. It looks at the two rows alone, so that a new row never changes the score of a reviewed pair.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.schema import DATE_PRECISIONS

if TYPE_CHECKING:
    from scipy.sparse import csr_array

PAIR_COLUMNS = ["event_id_a", "event_id_b", "score", "days_apart", "shared_actors", "reason"]

# The same actors on the same days without one word in common reach 0.40; no pair read as the same is under 0.65.
THRESHOLD = 0.41
# Days that may lie between two ranges: one hand dates the act, the other its report. By precision, day to year.
_TOLERANCE_DAYS = dict(zip(DATE_PRECISIONS, (3, 5, 7, 15, 15), strict=True))
MOST_PAIRS = 20
"""Pairs of an event that are sure to be found: more than anybody would review. Of 5,000 alike there are 12 million."""
_NEAR_IDENTICAL = 0.90
_MOST_COMPARED = 1_000  # characters of a summary
_PAIRS_AT_ONCE = 200_000
_ROUNDING = 0.001  # a score is rounded to three places before it is held to the threshold
_STEM_LETTERS = 5
_STOPWORDS = frozenset(re.split(" ", "a an and as at by for from in into its of on or over the to with after before"))
_WORD = re.compile(r"[a-z0-9]+")

_Codes = frozenset[str]
_Numbers = NDArray[np.int64]
_Row = dict[str, Any]


def find_duplicates(events: pd.DataFrame, event_actors: pd.DataFrame) -> pd.DataFrame:
    """Pairs of events that may be the same happening.

    A pair is compared if its dates overlap, or nearly (three days between two rows dated to the day, up to fifteen
    for a quarter or a year), and if an actor that acts or is acted upon in one takes part in the other. It is a
    candidate if its score (see the module) is at least 0.41. An actor counts as its state where it has one. Of very
    many alike, a pair is found if it is among the 20 best of either event.

    Parameters
    ----------
    events : DataFrame
        As ``schema.EVENTS``; uses event_id, file, date_start, date_end, date_precision, plover_type, event_class,
        place and summary.
    event_actors : DataFrame
        As ``schema.EVENT_ACTORS``; uses event_id, position, actor_code and state.

    Returns
    -------
    DataFrame
        One row per pair: event_id_a < event_id_b, score (0 to 1), days_apart (0 where the ranges overlap),
        shared_actors (joined by ;) and reason (what is alike); highest score first.

    Examples
    --------
    >>> day = pd.Timestamp("2024-01-28")
    >>> common = {"date_start": day, "date_end": day, "date_precision": "day", "plover_type": "SANCTION", "place": None}
    >>> events = pd.DataFrame([
    ...     {"event_id": "A1", "file": "a.csv", "event_class": "exit", "summary": "Mali leaves ECOWAS", **common},
    ...     {"event_id": "B1", "file": "b.csv", "event_class": "withdrawal", "summary": "Mali left ECOWAS", **common},
    ... ])
    >>> parts = [(event, "source", "MLI", "MLI") for event in ("A1", "B1")]
    >>> actors = pd.DataFrame(parts, columns=["event_id", "position", "actor_code", "state"])
    >>> find_duplicates(events, actors)[["event_id_a", "event_id_b", "score", "shared_actors"]].values.tolist()
    [['A1', 'B1', 0.8, 'MLI']]
    """
    ordered = events.sort_values(["date_start", "event_id"]).reset_index(drop=True)
    named, acting = actors_of(event_actors), actors_of(event_actors[event_actors["position"] != "third"])
    traits = _Traits.of(ordered, acting, named)
    scored = (traits.score(*near) for near in _near_pairs(ordered, acting, named))
    ids, types = ordered["event_id"].tolist(), ordered["plover_type"].tolist()
    pairs: list[tuple[str, str, float, int, str, str]] = []
    for i, j, gap, actors, text, same_type, other_file, exact in _best_pairs(scored, len(ordered)).itertuples(
        index=False
    ):
        score = round(exact, 3)
        if score < THRESHOLD:
            continue
        alike = [f"actors {actors:.2f}", f"text {text:.2f}", "dates overlap" if gap == 0 else f"{gap} days apart"]
        alike += [f"both {types[i]}"] * same_type + ["different files"] * other_file
        first, second = sorted((str(ids[i]), str(ids[j])))
        shared = named[ids[i]] & named[ids[j]]
        pairs.append((first, second, score, gap, ";".join(sorted(shared)), ", ".join(alike)))
    return pd.DataFrame.from_records(sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])), columns=PAIR_COLUMNS)


def is_restatement(a: _Row, b: _Row) -> bool:
    """Whether two rows with the same source and target actors say the same in all else that the rule asks for."""
    return (
        a["file"] != b["file"]
        and a["date_precision"] == b["date_precision"] == "day"
        and (a["date_start"], a["date_end"]) == (b["date_start"], b["date_end"])
        and _equal(a["plover_type"], b["plover_type"])
        and _may_be_one_place(a["place"], b["place"])
        and (_equal(a["event_class"], b["event_class"]) or _near_identical(a["summary"], b["summary"]))
    )


@dataclass(frozen=True)
class _Traits:
    """What is compared of the events, in their order: one row an event, one column an actor or a word."""

    acting: csr_array
    named: csr_array
    words: csr_array
    types: NDArray[np.int64]
    files: NDArray[np.int64]

    @classmethod
    def of(cls, ordered: pd.DataFrame, acting: dict[str, _Codes], named: dict[str, _Codes]) -> _Traits:
        texts = zip(ordered["summary"], ordered["event_class"], ordered["place"], strict=True)
        groups = ([group.get(event_id, frozenset()) for event_id in ordered["event_id"]] for group in (acting, named))
        main, every = map(_members, groups)
        types, files = (pd.factorize(ordered[column])[0].astype(np.int64) for column in ("plover_type", "file"))
        return cls(main, every, _members([_words(*text) for text in texts]), types, files)

    def score(self, i: _Numbers, j: _Numbers, gap: _Numbers, tolerance: _Numbers) -> pd.DataFrame:
        """The pairs that may reach the threshold, with what their score is made of and the score before rounding."""
        actors = (_jaccard(self.acting, i, j) + _jaccard(self.named, i, j)) / 2
        text = 2 * _n_shared(self.words, i, j) / np.maximum(1, _n_of(self.words, i) + _n_of(self.words, j))
        same_type = (self.types[i] == self.types[j]) & (self.types[i] >= 0)  # two unknowns are not alike
        other_file = self.files[i] != self.files[j]
        nearness = 1 - gap / (tolerance + 1)
        score = 0.35 * actors + 0.40 * text + 0.10 * same_type + 0.05 * nearness + 0.10 * other_file
        found = {"i": i, "j": j, "gap": gap, "actors": actors, "text": text, "same_type": same_type}
        return pd.DataFrame(found | {"other_file": other_file, "score": score})[score > THRESHOLD - _ROUNDING]


def _members(groups: Sequence[frozenset[str]]) -> csr_array:
    """One row a group, one column a member: 1 where the group has it."""
    from scipy.sparse import csr_array  # loaded when first used

    places = {member: place for place, member in enumerate(sorted(frozenset().union(*groups)))}
    columns = [place for group in groups for place in sorted(places[member] for member in group)]
    ends = np.cumsum([0, *map(len, groups)])
    return csr_array((np.ones(len(columns), dtype=np.int64), columns, ends), shape=(len(groups), len(places) + 1))


def _n_of(groups: csr_array, rows: _Numbers) -> _Numbers:
    return np.diff(groups.indptr)[rows]


def _n_shared(groups: csr_array, i: _Numbers, j: _Numbers) -> _Numbers:
    """How many members the groups of each pair share."""
    return np.asarray(groups[i].multiply(groups[j]).sum(axis=1))


def _jaccard(groups: csr_array, i: _Numbers, j: _Numbers) -> NDArray[np.float64]:
    shared = _n_shared(groups, i, j)
    return shared / np.maximum(1, _n_of(groups, i) + _n_of(groups, j) - shared)


def _best_pairs(scored: Iterable[pd.DataFrame], n_events: int) -> pd.DataFrame:
    """The pairs that are among the best few of either event; they come in order of `i` and `j`, which decides ties."""
    best, found, n_found = pd.DataFrame(), list[pd.DataFrame](), 0
    floor = np.full(n_events, -np.inf)  # the score of the last of an event's best pairs, once it has so many
    for pairs in scored:
        found.append(pairs[pairs["score"] > np.minimum(floor[pairs["i"]], floor[pairs["j"]])])
        n_found += len(found[-1])
        if n_found > len(best) + _PAIRS_AT_ONCE:
            best, floor = _best_of_each([best, *found], floor)
            found, n_found = [], 0
    return _best_of_each([best, *found], floor)[0]


def _best_of_each(pairs: list[pd.DataFrame], floor: NDArray[np.float64]) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    ordered = pd.concat(pairs).sort_values(["score", "i", "j"], ascending=[False, True, True])
    ends = ordered[["i", "j"]].to_numpy(dtype=np.int64)
    place = pd.Series(ends.ravel()).groupby(ends.ravel()).cumcount().to_numpy().reshape(-1, 2)
    is_last = place == MOST_PAIRS - 1
    floor[ends[is_last]] = np.repeat(ordered["score"].to_numpy(dtype=float), 2).reshape(-1, 2)[is_last]
    return ordered[place.min(axis=1) < MOST_PAIRS], floor


def _near_pairs(
    ordered: pd.DataFrame, acting: dict[str, _Codes], named: dict[str, _Codes]
) -> Iterator[tuple[_Numbers, _Numbers, _Numbers, _Numbers]]:
    """Positions, days apart and tolerance of the pairs near in time of which one's actor takes part in the other.

    The events are in order of date_start. A part of the pairs is compared at once: all of a large table would not fit
    in memory.
    """
    start = ordered["date_start"].to_numpy(dtype="datetime64[D]").astype(np.int64)
    end = ordered["date_end"].to_numpy(dtype="datetime64[D]").astype(np.int64)
    tolerance = ordered["date_precision"].map(_TOLERANCE_DAYS).to_numpy(dtype=np.int64)
    places = {code: place for place, code in enumerate(sorted(frozenset().union(*named.values())))}
    main, every = (_actor_bits(ordered["event_id"], groups, places) for groups in (acting, named))
    after = np.searchsorted(start, end + max(_TOLERANCE_DAYS.values()), side="right")
    counts = after - np.arange(len(start)) - 1
    block = (np.cumsum(counts) - counts) // _PAIRS_AT_ONCE
    for events in np.split(np.arange(len(start)), np.flatnonzero(np.diff(block)) + 1):
        many = counts[events]
        i = np.repeat(events, many)
        j = i + 1 + np.arange(len(i)) - np.repeat(np.cumsum(many) - many, many)
        gap = np.maximum(start[j] - end[i], 0)
        allowed = np.maximum(tolerance[i], tolerance[j])
        near = gap <= allowed
        i, j, gap, allowed = i[near], j[near], gap[near], allowed[near]
        meet = (main[i] & every[j] | main[j] & every[i]).any(axis=1)
        yield i[meet], j[meet], gap[meet], allowed[meet]


def _actor_bits(event_ids: pd.Series, groups: dict[str, _Codes], places: dict[str, int]) -> NDArray[np.uint8]:
    """One row an event, one bit an actor: set where the actor is in the event's group."""
    found = [
        (row, places[code]) for row, event_id in enumerate(event_ids) for code in groups.get(event_id, frozenset())
    ]
    bits = np.zeros((len(event_ids), len(places) // 8 + 1), dtype=np.uint8)
    rows, columns = np.array(found, dtype=np.int64).reshape(-1, 2).T
    np.bitwise_or.at(bits, (rows, columns // 8), (1 << columns % 8).astype(np.uint8))
    return bits


def records_of(frame: pd.DataFrame) -> list[_Row]:
    """A frame's rows as dicts, types kept."""
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False, name=None)]


def actors_of(event_actors: pd.DataFrame) -> dict[str, _Codes]:
    """The states, or actors of no state, that act or are acted upon in each event."""
    codes = event_actors["state"].where(event_actors["state"].notna(), event_actors["actor_code"])
    groups: dict[str, set[str]] = {}
    for event_id, code in zip(event_actors["event_id"], codes, strict=True):
        groups.setdefault(event_id, set()).add(code)
    return {event_id: frozenset(group) for event_id, group in groups.items()}


def _words(*texts: object) -> frozenset[str]:
    """Content words without accents, cut to a stem, so that "withdrawal" meets "withdraws"."""
    letters = unicodedata.normalize("NFKD", " ".join(text for text in texts if isinstance(text, str)).casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return frozenset(word[:_STEM_LETTERS] for word in _WORD.findall(plain) if word not in _STOPWORDS)


def _equal(a: object, b: object) -> bool:
    """Both known and equal; two unknowns are not alike."""
    return isinstance(a, str) and a == b


def _may_be_one_place(a: object, b: object) -> bool:
    places = _words(a), _words(b)
    return not all(places) or bool(places[0] & places[1])


def _near_identical(a: object, b: object) -> bool:
    if not (isinstance(a, str) and isinstance(b, str)):
        return False
    one, other = (text[:_MOST_COMPARED].casefold() for text in (a, b))
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The first three are upper bounds of the last, which takes the square of their length.
    ratios = (matcher.real_quick_ratio, matcher.quick_ratio, lambda: _in_order_ratio(one, other), matcher.ratio)
    return all(ratio() >= _NEAR_IDENTICAL for ratio in ratios)


def _in_order_ratio(a: str, b: str) -> float:
    """The share of two texts that both have in one order: their longest common subsequence.

    One bit a letter of the first, after Hyyrö, H. (2004), Bit-parallel LCS-length computation revisited.
    """
    places: dict[str, int] = {}
    for place, letter in enumerate(a):
        places[letter] = places.get(letter, 0) | 1 << place
    every = (1 << len(a)) - 1
    unmatched = every
    for letter in b:
        met = unmatched & places.get(letter, 0)
        unmatched = (unmatched + met | unmatched - met) & every
    return 2 * (len(a) - unmatched.bit_count()) / max(1, len(a) + len(b))
