"""Candidate pairs of events, the reviewer's verdicts on them, and their merging."""

from __future__ import annotations

import time
import tracemalloc
from difflib import SequenceMatcher
from itertools import combinations
from typing import Any

import pandas as pd
import pytest

from analysis.cleaning import duplicates, merging
from analysis.cleaning.duplicates import THRESHOLD, find_duplicates
from analysis.cleaning.merging import VERDICTS, MergeResult, merge_events
from analysis.errors import TightropeError
from analysis.paths import RAW, REFERENCE
from analysis.schema import MERGES

EVENT_FILES = ("togo_events.csv", "region_events.csv", "security_events.csv")
NO_CANDIDATES = find_duplicates(
    pd.DataFrame(columns=["event_id", "file", "date_start", "date_end", "date_precision", "plover_type", "event_class",
                          "place", "summary"]).astype({"date_start": "datetime64[ns]", "date_end": "datetime64[ns]"}),
    pd.DataFrame(columns=["event_id", "position", "actor_code", "state"]),
)  # fmt: skip


def event(event_id: str, day: str = "2024-01-28", **other: Any) -> dict[str, Any]:
    defaults = {
        "event_id": event_id, "file": f"{event_id[0]}.csv", "line": int(event_id[1:]) + 1, "date_start": day,
        "date_end": day, "date_precision": "day", "plover_type": "SANCTION", "event_class": "withdrawal",
        "place": "Bamako", "certainty": "confirmed", "summary": "Mali announces its withdrawal from ECOWAS.",
    }  # fmt: skip
    return defaults | other


def events_of(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(rows).astype({"date_start": "datetime64[ns]", "date_end": "datetime64[ns]"})


def actors_of(**parts: str) -> pd.DataFrame:
    """Write A1="MLI>ECOWAS|TGO" for source, target and third party; an army (MLI_MIL) belongs to its state."""
    rows = []
    for event_id, text in parts.items():
        main, _, third = text.partition("|")
        source, _, target = main.partition(">")
        for position, codes in (("source", source), ("target", target), ("third", third)):
            rows += [(event_id, position, code, code.split("_")[0]) for code in codes.split(";") if code]
    return pd.DataFrame(rows, columns=["event_id", "position", "actor_code", "state"])


def sources_of(**urls: str) -> pd.DataFrame:
    rows = [(event_id, url, f"outlet of {event_id}") for event_id, text in urls.items() for url in text.split()]
    return pd.DataFrame(rows, columns=["event_id", "url", "outlet"])


def dyads_of(*rows: tuple[str, str, str, float, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["event_id", "actor_a", "actor_b", "weight", "weight_basis"])


def decisions_of(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["event_id_kept", "event_id_merged", "verdict", "reason"])


def candidates_of(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame([{"event_id_a": a, "event_id_b": b} for a, b in pairs]).reindex(columns=NO_CANDIDATES.columns)


def pairs_in(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(frame["event_id_a"], frame["event_id_b"], strict=True))


def merge(
    events: pd.DataFrame,
    actors: pd.DataFrame,
    *decisions: tuple[str, str, str, str],
    sources: pd.DataFrame | None = None,
    dyads: pd.DataFrame | None = None,
    candidates: pd.DataFrame | None = None,
) -> MergeResult:
    return merge_events(
        events,
        actors,
        sources_of() if sources is None else sources,
        dyads_of() if dyads is None else dyads,
        decisions_of(*decisions),
        NO_CANDIDATES if candidates is None else candidates,
    )


class TestFindDuplicates:
    def test_two_hands_on_one_happening_are_found(self) -> None:
        events = events_of(
            event("A1"), event("B1", event_class="exit", place=None, summary="Mali withdraws from ECOWAS")
        )
        found = find_duplicates(events, actors_of(A1="MLI>ECOWAS", B1="MLI>ECOWAS"))
        assert pairs_in(found) == [("A1", "B1")]
        row = found.iloc[0]
        assert (row["days_apart"], row["shared_actors"]) == (0, "ECOWAS;MLI")
        assert "both SANCTION" in row["reason"]
        assert "different files" in row["reason"]

    def test_the_same_row_in_one_file_is_found_but_scores_less(self) -> None:
        events = events_of(event("A1"), event("A2"), event("B1"))
        found = find_duplicates(events, actors_of(A1="MLI>ECOWAS", A2="MLI>ECOWAS", B1="MLI>ECOWAS"))
        assert pairs_in(found) == [("A1", "B1"), ("A2", "B1"), ("A1", "A2")]
        assert found["score"].tolist() == [1.0, 1.0, 0.9]

    @pytest.mark.parametrize(
        ("precision", "end", "later", "expected"),
        [
            ("day", "2024-01-28", "2024-01-31", 3),
            ("day", "2024-01-28", "2024-02-01", None),
            ("week", "2024-01-28", "2024-02-02", 5),
            ("month", "2024-01-31", "2024-02-07", 7),
            ("month", "2024-01-31", "2024-02-08", None),
            ("quarter", "2024-03-31", "2024-02-20", 0),
            ("year", "2024-12-31", "2025-01-16", None),
        ],
    )
    def test_tolerance_depends_on_precision(self, precision: str, end: str, later: str, expected: int | None) -> None:
        events = events_of(event("A1", date_precision=precision, date_end=end), event("B1", later))
        found = find_duplicates(events, actors_of(A1="MLI>ECOWAS", B1="MLI>ECOWAS"))
        assert found["days_apart"].tolist() == ([] if expected is None else [expected])

    @pytest.mark.parametrize("at_once", [1, 7, 40])
    def test_however_few_pairs_are_compared_at_once_the_same_are_found(
        self, at_once: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Nine actors, so that their bits fill more than a byte.
        events = events_of(*(event(f"A{n}", f"2024-01-{1 + n % 9:02d}") for n in range(1, 31)))
        actors = actors_of(**{f"A{n}": f"S{n % 9}>S{(n + n // 9) % 9}|S{n % 5}" for n in range(1, 31)})
        expected = find_duplicates(events, actors)
        assert len(expected) > 30
        monkeypatch.setattr(duplicates, "_PAIRS_AT_ONCE", at_once)
        pd.testing.assert_frame_equal(find_duplicates(events, actors), expected)

    @pytest.mark.parametrize("at_once", [1, 7, 1000])
    def test_of_many_alike_the_best_pairs_of_each_are_found(
        self, at_once: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        words = ("Mali", "announces", "its", "withdrawal", "from", "ECOWAS", "again")
        events = events_of(
            *(event(f"{'AB'[n % 2]}{n:03}", summary=" ".join(words[: 1 + n % 7]), event_class="x") for n in range(40))
        )
        actors = actors_of(**{event_id: "MLI>ECOWAS" for event_id in events["event_id"]})
        monkeypatch.setattr(duplicates, "MOST_PAIRS", len(events))
        every = find_duplicates(events, actors)
        assert len(every) == 40 * 39 / 2
        places: dict[str, int] = {}
        expected = []
        for row in every.itertuples():
            if min(places.get(row.event_id_a, 0), places.get(row.event_id_b, 0)) < 3:
                expected.append(row.Index)
            for event_id in (row.event_id_a, row.event_id_b):
                places[event_id] = places.get(event_id, 0) + 1
        monkeypatch.setattr(duplicates, "MOST_PAIRS", 3)
        monkeypatch.setattr(duplicates, "_PAIRS_AT_ONCE", at_once)
        found = find_duplicates(events, actors)
        assert 60 <= len(found) <= 120
        pd.testing.assert_frame_equal(found, every.loc[expected].reset_index(drop=True))

    def test_very_many_restatements_end_in_one_row_though_not_all_their_pairs_are_found(self) -> None:
        events = events_of(*(event(f"{'AB'[n % 2]}{n:03}") for n in range(300)))
        actors = actors_of(**{event_id: "MLI>ECOWAS" for event_id in events["event_id"]})
        found = find_duplicates(events, actors)
        assert len(found) < 300 * 299 / 2 / 5
        assert merge(events, actors, candidates=found).events["event_id"].tolist() == ["A000"]

    def test_no_more_pairs_are_held_at_once_than_the_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # 1.1 million pairs of one day, of which none shares an actor: each column of them would take 9 MB.
        events = events_of(*(event(f"A{n}") for n in range(1500)))
        monkeypatch.setattr(duplicates, "_PAIRS_AT_ONCE", 10_000)
        tracemalloc.start()
        try:
            assert find_duplicates(events, actors_of(A0="MLI>ECOWAS")).empty
            assert tracemalloc.get_traced_memory()[1] < 9 * 2**20
        finally:
            tracemalloc.stop()

    def test_no_actor_in_common_is_no_candidate(self) -> None:
        events = events_of(event("A1"), event("B1"))
        assert find_duplicates(events, actors_of(A1="MLI>ECOWAS", B1="NER>AU")).empty

    def test_third_parties_alone_are_not_enough(self) -> None:
        events = events_of(event("A1"), event("B1"))
        assert find_duplicates(events, actors_of(A1="MLI>ECOWAS|TGO", B1="NER>AU|TGO")).empty
        assert len(find_duplicates(events, actors_of(A1="MLI>ECOWAS|TGO", B1="NER>TGO"))) == 1

    def test_an_army_counts_as_its_state_and_direction_does_not_matter(self) -> None:
        events = events_of(event("A1"), event("B1"))
        assert len(find_duplicates(events, actors_of(A1="NGA>BEN_MIL", B1="BEN>NGA"))) == 1

    def test_same_actors_and_day_without_a_word_in_common_fall_below_the_threshold(self) -> None:
        other = {"plover_type": "COERCE", "event_class": "arrest", "place": "Lome", "summary": "Rapper detained"}
        found = find_duplicates(events_of(event("A1"), event("A2", **other)), actors_of(A1="TGO>TGO", A2="TGO>TGO"))
        assert found.empty

    def test_unknown_texts_and_types_are_not_alike(self) -> None:
        unknown: dict[str, Any] = {"plover_type": None, "event_class": None, "place": None, "summary": None}
        events = events_of(event("A1", **unknown), event("B1", **unknown))
        found = find_duplicates(events, actors_of(A1="MLI>ECOWAS", B1="MLI>ECOWAS"))
        assert found["score"].tolist() == [0.5]
        assert "both" not in found["reason"][0]

    def test_order_of_rows_does_not_matter_and_scores_do_not_depend_on_other_rows(self) -> None:
        events = events_of(event("A1"), event("B1", "2024-01-30"), event("C1", summary="ECOWAS: Mali out"))
        actors = actors_of(A1="MLI>ECOWAS", B1="MLI>ECOWAS", C1="MLI>ECOWAS")
        found = find_duplicates(events, actors)
        pd.testing.assert_frame_equal(found, find_duplicates(events[::-1], actors[::-1]))
        alone = find_duplicates(events[events["event_id"] != "C1"], actors)
        assert alone["score"].tolist() == found.loc[found["event_id_b"] == "B1", "score"].tolist()

    def test_no_events_give_no_pairs(self) -> None:
        assert NO_CANDIDATES.empty
        assert list(NO_CANDIDATES.columns)[:2] == ["event_id_a", "event_id_b"]


class TestReviewedMerges:
    events = events_of(event("A1", certainty="disputed"), event("B1"), event("B2", "2024-03-01"))
    actors = actors_of(A1="MLI>ECOWAS", B1="MLI>ECOWAS|AES", B2="NER>AU")

    def test_the_merged_row_leaves_and_is_accounted_for(self) -> None:
        result = merge(self.events, self.actors, ("A1", "B1", "same", "one announcement"))
        assert result.events["event_id"].tolist() == ["A1", "B2"]
        assert result.events["certainty"].tolist() == ["disputed", "confirmed"]
        assert result.merges == [
            {
                "file": "B.csv",
                "line": 2,
                "merged_id": "B1",
                "kept_id": "A1",
                "basis": "reviewed",
                "reason": "one announcement",
            }
        ]
        assert len(MERGES.validate(MERGES.frame(result.merges))) == 1

    def test_actors_of_the_merged_row_are_not_added(self) -> None:
        result = merge(self.events, self.actors, ("A1", "B1", "same", "one"))
        assert sorted(set(result.event_actors["event_id"])) == ["A1", "B2"]
        assert "AES" not in set(result.event_actors["actor_code"])

    def test_sources_are_joined_without_a_page_twice(self) -> None:
        sources = sources_of(B1="u:x u:y", A1="u:y u:z", B2="u:x")
        result = merge(self.events, self.actors, ("A1", "B1", "same", "one"), sources=sources)
        rows = [tuple(row) for row in result.event_sources.itertuples(index=False)]
        assert rows == [
            ("A1", "u:y", "outlet of A1"), ("A1", "u:z", "outlet of A1"), ("A1", "u:x", "outlet of B1"),
            ("B2", "u:x", "outlet of B2"),
        ]  # fmt: skip

    def test_the_kept_judgement_stands_and_other_pairs_carry_over(self) -> None:
        dyads = dyads_of(
            ("B1", "ECOWAS", "MLI", -1.0, "reviewed"), ("A1", "ECOWAS", "MLI", -3.0, "reviewed"),
            ("B1", "GBR", "MLI", 1.0, "reviewed"), ("B2", "AU", "NER", -2.0, "reviewed"),
        )  # fmt: skip
        result = merge(self.events, self.actors, ("A1", "B1", "same", "one"), dyads=dyads)
        rows = [tuple(row)[:4] for row in result.dyad_events.itertuples(index=False)]
        assert rows == [("A1", "ECOWAS", "MLI", -3.0), ("A1", "GBR", "MLI", 1.0), ("B2", "AU", "NER", -2.0)]
        assert list(result.dyad_events.columns) == list(dyads.columns)

    def test_a_review_stands_before_a_derived_weight(self) -> None:
        dyads = dyads_of(("A1", "ECOWAS", "MLI", -1.7, "derived"), ("B1", "ECOWAS", "MLI", -3.0, "reviewed"))
        result = merge(self.events, self.actors, ("A1", "B1", "same", "one"), dyads=dyads)
        assert result.dyad_events[["event_id", "weight", "weight_basis"]].values.tolist() == [["A1", -3.0, "reviewed"]]

    def test_three_rows_on_one_happening_end_in_one(self) -> None:
        decisions = [("A1", "B1", "same", "one"), ("A1", "B2", "same", "one")]
        dyads = dyads_of(("B1", "GBR", "MLI", 1.0, "reviewed"), ("B2", "GBR", "MLI", 2.0, "reviewed"))
        result = merge(self.events, self.actors, *decisions, dyads=dyads, candidates=candidates_of(("B1", "B2")))
        assert result.events["event_id"].tolist() == ["A1"]
        assert result.dyad_events["weight"].tolist() == [1.0]
        assert result.unreviewed.empty

    def test_distinct_merges_nothing(self) -> None:
        result = merge(
            self.events, self.actors, ("A1", "B1", "distinct", "two"), candidates=candidates_of(("A1", "B1"))
        )
        assert len(result.events) == 3
        assert result.merges == []
        assert result.unreviewed.empty

    def test_no_decisions_change_nothing(self) -> None:
        sources, dyads = sources_of(A1="u:x", B1="u:x"), dyads_of(("A1", "ECOWAS", "MLI", -3.0, "reviewed"))
        result = merge(self.events, self.actors, sources=sources, dyads=dyads)
        pd.testing.assert_frame_equal(result.events, self.events)
        pd.testing.assert_frame_equal(result.event_actors, self.actors)
        pd.testing.assert_frame_equal(result.event_sources, sources)
        pd.testing.assert_frame_equal(result.dyad_events, dyads)


class TestFaultyDecisions:
    events = events_of(event("A1"), event("B1"), event("C1"), event("D1"))
    actors = actors_of(A1="MLI>ECOWAS", B1="MLI>ECOWAS", C1="MLI>ECOWAS", D1="MLI>ECOWAS")

    @pytest.mark.parametrize(
        ("decisions", "message"),
        [
            ([("A1", "X9", "same", "r")], "line 2: A1, X9: unknown event 'X9'"),
            ([("A1", "B1", "similar", "r")], "verdict 'similar' is not one of same, distinct"),
            ([("A1", "B1", "same", " ")], "no reason"),
            ([("A1", "A1", "same", "r")], "paired with itself"),
            ([("A1", "B1", "same", "r"), ("B1", "C1", "same", "r")], "line 2: A1, B1: B1 is kept in another row"),
            ([("A1", "B1", "same", "r"), ("B1", "A1", "same", "r")], "line 3: B1, A1: A1 is kept in another row"),
            ([("A1", "B1", "same", "r"), ("C1", "B1", "same", "r")], "line 3: C1, B1: B1 is merged into A1 too"),
            ([("A1", "B1", "same", "r"), ("B1", "A1", "distinct", "r")], "line 3: B1, A1: pair decided before"),
            (
                [("A1", "B1", "same", "r"), ("A1", "C1", "same", "r"), ("B1", "C1", "distinct", "r")],
                "line 4: B1, C1: called distinct, but both are merged into A1",
            ),
        ],
    )
    def test_each_fault_is_named(self, decisions: list[tuple[str, str, str, str]], message: str) -> None:
        with pytest.raises(TightropeError) as caught:
            merge(self.events, self.actors, *decisions)
        assert message in str(caught.value)

    def test_all_faults_are_listed_at_once(self) -> None:
        decisions = [("A1", "X9", "same", "r"), ("A1", "B1", "same", "fine"), ("Y9", "D1", "distinct", "r")]
        with pytest.raises(TightropeError, match="2 faults") as caught:
            merge(self.events, self.actors, *decisions)
        assert "X9" in str(caught.value)
        assert "Y9" in str(caught.value)
        assert "line 3" not in str(caught.value)


class TestRule:
    """Exact restatements merge without a reviewer; all else without a verdict waits for one."""

    def result(self, first: dict[str, Any], second: dict[str, Any], *decisions: Any, **other: Any) -> MergeResult:
        actors = other.pop("actors", actors_of(A1="MLI>ECOWAS|AES", B1="MLI>ECOWAS"))
        pair = candidates_of((first["event_id"], second["event_id"]))
        return merge(events_of(first, second), actors, *decisions, candidates=pair, **other)

    def test_an_exact_restatement_is_merged(self) -> None:
        result = self.result(event("A1"), event("B1", summary="Said in other words"))
        assert [(row["merged_id"], row["kept_id"], row["basis"]) for row in result.merges] == [("B1", "A1", "rule")]
        assert result.unreviewed.empty

    def test_decisions_are_looked_up_for_restatements_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rows = [event(f"A{number}") for number in range(30)]
        pairs = [(one["event_id"], other["event_id"]) for one, other in combinations(rows, 2)]
        decided = [(*pair, "distinct", "x") for pair in pairs[:20]]
        asked = []
        standing = merging._standing_pair
        monkeypatch.setattr(merging, "_standing_pair", lambda *given: asked.append(given) or standing(*given))
        merge(events_of(*rows), actors_of(), *decided, candidates=candidates_of(*pairs))
        assert len(asked) < 3 * len(pairs)

    @pytest.mark.parametrize(
        ("first", "second", "is_read"), [("ab", "ba", True), ("ab", "cd", False), ("abcd", "dcba", False)]
    )
    def test_of_a_very_long_summary_the_beginning_is_compared(
        self, monkeypatch: pytest.MonkeyPatch, first: str, second: str, is_read: bool
    ) -> None:
        lengths, read = [], []

        class Watched(SequenceMatcher[str]):
            def __init__(self, isjunk: None, a: str, b: str, autojunk: bool) -> None:
                lengths.extend((len(a), len(b)))
                super().__init__(isjunk, a, b, autojunk)

            def ratio(self) -> float:
                read.append(True)
                return super().ratio()

        monkeypatch.setattr(duplicates, "SequenceMatcher", Watched)
        texts = ({"event_class": name, "summary": text * 4000} for name, text in (("x", first), ("y", second)))
        self.result(*(event(event_id, **text) for event_id, text in zip(("A1", "B1"), texts, strict=True)))
        assert lengths == [1000, 1000]
        assert bool(read) == is_read

    @pytest.mark.parametrize(("first", "second", "shared"), [("", "", 0), ("abcbdab", "bdcaba", 4), ("aab", "azab", 3)])
    def test_the_letters_in_one_order_are_those_of_the_longest_common_subsequence(
        self, first: str, second: str, shared: int
    ) -> None:
        for a, b in ((first, second), (second, first)):
            assert duplicates._in_order_ratio(a, b) == 2 * shared / max(1, len(a) + len(b))
            assert duplicates._in_order_ratio(a, b) >= SequenceMatcher(None, a, b, autojunk=False).ratio() * bool(a)

    def test_a_nearly_identical_summary_stands_for_the_class(self) -> None:
        near = event("B1", event_class="exit", summary="Mali announces its withdrawal from Ecowas")
        assert len(self.result(event("A1"), near).merges) == 1

    @pytest.mark.parametrize(
        "change",
        [
            {"date_start": "2024-01-29", "date_end": "2024-01-29"},
            {"date_precision": "week"},
            {"plover_type": "REJECT"},
            {"plover_type": None},
            {"place": "Niamey"},
            {"file": "A.csv"},
            {"event_class": "exit", "summary": "The junta leaves the bloc"},
        ],
    )
    def test_anything_less_waits_for_review(self, change: dict[str, Any]) -> None:
        result = self.result(event("A1"), event("B1", **change))
        assert result.merges == []
        assert len(result.events) == 2
        assert pairs_in(result.unreviewed) == [("A1", "B1")]

    @pytest.mark.parametrize("other", ["MLI_MIL>ECOWAS", "ECOWAS>MLI", "MLI;NER>ECOWAS"])
    def test_other_actors_or_another_direction_wait_for_review(self, other: str) -> None:
        result = self.result(event("A1"), event("B1"), actors=actors_of(A1="MLI>ECOWAS", B1=other))
        assert result.merges == []
        assert len(result.unreviewed) == 1

    def test_a_verdict_stands_before_the_rule(self) -> None:
        result = self.result(event("A1"), event("B1"), ("B1", "A1", "distinct", "two villages"))
        assert result.merges == []
        assert result.unreviewed.empty

    def test_more_sources_then_more_certainty_decide_which_row_stands(self) -> None:
        by_sources = self.result(event("A1"), event("B1"), sources=sources_of(A1="u:x", B1="u:y u:z"))
        assert by_sources.merges[0]["kept_id"] == "B1"
        by_certainty = self.result(event("A1", certainty="disputed"), event("B1"))
        assert by_certainty.merges[0]["kept_id"] == "B1"

    def test_three_files_end_in_one_row(self) -> None:
        events = events_of(event("A1"), event("B1"), event("C1"))
        actors = actors_of(A1="MLI>ECOWAS", B1="MLI>ECOWAS", C1="MLI>ECOWAS")
        sources = sources_of(A1="u:x", B1="u:y", C1="u:z u:w")
        result = merge(events, actors, sources=sources, candidates=find_duplicates(events, actors))
        assert result.events["event_id"].tolist() == ["C1"]
        assert {row["kept_id"] for row in result.merges} == {"C1"}
        assert len(result.merges) == 2
        assert len(result.event_sources) == 4
        assert result.unreviewed.empty

    def test_a_restatement_joins_the_reviewed_event_but_never_against_a_verdict(self) -> None:
        events = events_of(event("A1"), event("B1"), event("C1", event_class="x", summary="x"))
        actors = actors_of(A1="MLI>ECOWAS", B1="MLI>ECOWAS", C1="MLI>ECOWAS")
        pair = candidates_of(("A1", "B1"))
        joined = merge(events, actors, ("C1", "B1", "same", "r"), candidates=pair)
        assert [(row["merged_id"], row["kept_id"], row["basis"]) for row in joined.merges] == [
            ("A1", "C1", "rule"), ("B1", "C1", "reviewed"),
        ]  # fmt: skip
        kept_apart = merge(events, actors, ("B1", "C1", "same", "r"), ("A1", "C1", "distinct", "r"), candidates=pair)
        assert [row["merged_id"] for row in kept_apart.merges] == ["C1"]
        assert len(kept_apart.events) == 2


@pytest.fixture(scope="module")
def facts() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The hand-coded events with the least cleaning that the search needs."""
    rows, parts = [], []
    for name in EVENT_FILES:
        raw = pd.read_csv(RAW / name, dtype=str, keep_default_na=False)
        for line, row in enumerate(raw.to_dict("records"), start=2):
            start, end = row["date_start"], row["date_end"] or row["date_start"]
            dates = {"date_start": pd.Period(start).start_time, "date_end": pd.Period(end).end_time.normalize()}
            texts = {column: row[column] or None for column in ("event_class", "place", "summary", "certainty")}
            plover = {"plover_type": row["plover_event"] or None, "date_precision": row["date_precision"]}
            rows.append({"event_id": row["event_id"], "file": name, "line": line, **dates, **texts, **plover})
            for position, column in (("source", "actor1"), ("target", "actor2"), ("third", "third_parties")):
                codes = [code.strip() for code in row[column].replace("COMMONWEALTH", "CWLTH").split(";")]
                parts += [(row["event_id"], position, code, code.split("_")[0]) for code in codes if code]
    events = events_of(*rows)
    return events, pd.DataFrame(parts, columns=["event_id", "position", "actor_code", "state"])


@pytest.fixture(scope="module")
def decisions() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "event_merges.csv", dtype=str, keep_default_na=False)


class TestFacts:
    def test_the_list_is_quick_to_make_and_short_enough_to_read(self, facts: tuple[pd.DataFrame, pd.DataFrame]) -> None:
        start = time.perf_counter()
        found = find_duplicates(*facts)
        assert time.perf_counter() - start < 2  # 0.04 s on a laptop; the slack is for a busy machine
        assert 100 < len(found) < 200
        assert found["score"].min() >= THRESHOLD

    @pytest.mark.parametrize(
        "pair",
        [
            ("RE0082", "TGO0081"), ("RE0146", "TGO0148"),  # AES exit: announced, in effect
            ("RE0188", "TGO0224"), ("RE0189", "TGO0225"), ("RE0191", "TGO0228"),  # Benin coup attempt, the help
            ("RE0029", "TGO0039"), ("RE0209", "TGO0249"), ("RE0046", "TGO0053"),
        ],
    )  # fmt: skip
    def test_known_duplicates_are_found(
        self, facts: tuple[pd.DataFrame, pd.DataFrame], decisions: pd.DataFrame, pair: tuple[str, str]
    ) -> None:
        assert pair in pairs_in(find_duplicates(*facts))
        row = decisions[decisions[["event_id_kept", "event_id_merged"]].isin(pair).all(axis=1)]
        assert row["verdict"].tolist() == ["same"]

    def test_every_candidate_has_a_verdict(
        self, facts: tuple[pd.DataFrame, pd.DataFrame], decisions: pd.DataFrame
    ) -> None:
        judged = {frozenset(p) for p in zip(decisions["event_id_kept"], decisions["event_id_merged"], strict=True)}
        waiting = [pair for pair in pairs_in(find_duplicates(*facts)) if frozenset(pair) not in judged]
        assert waiting == []
        assert set(decisions["verdict"]) == set(VERDICTS)

    def test_same_happenings_lie_well_above_the_threshold(
        self, facts: tuple[pd.DataFrame, pd.DataFrame], decisions: pd.DataFrame
    ) -> None:
        found = find_duplicates(*facts)
        scores = dict(zip(map(frozenset, pairs_in(found)), found["score"].astype(float), strict=True))
        same = decisions[decisions["verdict"] == "same"]
        pairs = zip(same["event_id_kept"], same["event_id_merged"], strict=True)
        assert min(scores[frozenset(pair)] for pair in pairs) >= 0.65

    def test_all_verdicts_can_be_applied(
        self, facts: tuple[pd.DataFrame, pd.DataFrame], decisions: pd.DataFrame
    ) -> None:
        events, actors = facts
        n_same = int((decisions["verdict"] == "same").sum())
        result = merge_events(events, actors, sources_of(), dyads_of(), decisions, find_duplicates(events, actors))
        assert len(result.events) + n_same == len(events)
        assert n_same == len(result.merges) == 12
        assert result.unreviewed.empty
        MERGES.validate(MERGES.frame(result.merges))
