"""Why a statement has its verdict: who says so by independent origins, what is measured, and what is not known."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.briefing.claim_words import VERDICT_LABELS, name_origin, name_value, shorten_ids
from analysis.briefing.ledger import DECIDES, Ledger
from analysis.language import message, say, say_data, say_number
from analysis.measures.amounts import NO_FIGURES, TOO_FEW, TOO_FEW_KINDS, TOO_FEW_STATES
from analysis.measures.verdicts import AGAINST, FOR, NOT_FOUND, OFFICIAL_TIER, PARTLY, SINGLE_SOURCE, weigh_origins
from analysis.schema.rows import each_row
from analysis.wording import format_number, format_percent, join

_WHY = {
    TOO_FEW: message("too few events to say"),
    TOO_FEW_STATES: message("too few states have enough events in both windows"),
    NO_FIGURES: message("no figures of it and of others are on record"),
    TOO_FEW_KINDS: message("too few kinds of tie are known with more than one partner"),
}
_SPANS = message("the interval reaches to both sides, so that the data cannot say")
# What each measure amounts to: {value}, with its interval where that has any width, against {limit}.
_MEASURED = {
    "cooperation_per_year": message("{part}: {value} points a year, to be more than {limit}."),
    "net_per_year": message("{part}: {value} points a year of cooperation less conflict."),
    "net_margin": message(
        "{part}: {value} points a year above the highest of them, by {n} events against {highest} of "
        "that one; of the others {fewest} to {most} each were gathered."
    ),
    "depth_percentile": message("{part}: more cooperation than {value} of the {others} compared states."),
    "tilt": message("{part}: tilt {value}."),
    "balance_change": message("{part}: evenness moved by {value}."),
    "leading_dimensions": message("{part}: ahead on {value} of {others} kinds of tie."),
    "port_percentile": message(
        "{part}: more than {value} of the {others} other ports of which a whole year since {since} is on record."
    ),
    "transit_percentile": message(
        "{part}: more than {value} of the {others} other ports of which a whole year since {since} is on record."
    ),
}
_WITHIN = message("{value} ({low} to {high})")
_BARE = message("{part}: {value}, and {why}.")
_BARE_WHY = message("{part}: {why}.")
_UNKNOWN = message("{part}: {why} ({n}, where {asked} are needed).")
_CORRELATED = message("{part}: rank correlation {value}; one as large comes in {share} of arrangements by chance.")
_NONE = message("None says so.")
_NOT_THROUGHOUT = message("No origin says so throughout.")
_ONE_OUTLET = message("All figures of this part come from one outlet.")
_BESIDE = message("Beside it: {question} {answer} ({verdict}).")
_RECORD_AGAINST = message("An official record is against it: {origins}.")
_RECORD_FOR = message("An official record is for it: {origins}.")
_DECIMALS = {"tilt": 2, "balance_change": 2, "pressure_association": 2, "cooperation_per_year": 1, "net_per_year": 1,
             "net_margin": 1}  # fmt: skip
_OF_OTHERS = ("depth_percentile", "leading_dimensions", "port_percentile", "transit_percentile")


def explain(ledger: Ledger, claim_id: str) -> str:
    """Why a statement has its verdict, part by part: who says so by independent origins, and what is measured."""
    of_it = list(each_row(ledger.tests[ledger.tests["claim_id"] == claim_id]))
    tests = [test for test in of_it if test.role == DECIDES]
    parts = list(dict.fromkeys(test.part for test in tests))
    sentences = []
    for part in parts:
        own = [test for test in tests if test.part == part]
        told = [test for test in own if pd.isna(test.n)]
        if told:
            pages = ledger.evidence_rows[ledger.evidence_rows["test"].isin([test.test for test in told])]
            unknown = [test for test in told if test.n_unknown > 0]
            said = " ".join(
                [_say_unknown(test) for test in unknown]
                if len(unknown) == len(told)
                else [*_count_origins(pages), *_official(pages)]
            )
            sentences.append(
                say("{part}: {said}", part=_begin(say_data(str(part))), said=_run_on(said)) if len(parts) > 1 else said
            )
        sentences += [_measured(test) for test in own if pd.notna(test.n)]
    notes = ledger.statements.loc[ledger.statements["claim_id"] == claim_id, "note"]
    return " ".join([*sentences, *(say_data(note) for note in notes if note), *_beside(ledger, of_it)])


def _say_unknown(test: Any) -> str:
    return say_number(
        test.n_ties, "No page shows the tie asked about up to the last day.",
        "No page shows {unknown} of the {n} ties asked about up to the last day.", unknown=_whole(test.n_unknown),
    )  # fmt: skip


def _beside(ledger: Ledger, tests: list[Any]) -> list[str]:
    """What the leading version of another question says that bears on the statement and does not decide."""
    asked = [test.look_at for test in tests if test.role != DECIDES and test.kind == "version"]
    if not asked:
        return []
    leading = ledger.versions[ledger.versions["version"] == 0].drop_duplicates("question_id").set_index("question_id")
    found = [leading.loc[question] for question in asked if question in leading.index]
    return [
        say(_BESIDE, question=say_data(row.question), answer=name_value(row), verdict=say(VERDICT_LABELS[row.verdict]))
        for row in found
    ]


def _count_origins(pages: pd.DataFrame) -> list[str]:
    """How many independent origins say so, exclude it, or say something else; one that differs says else."""
    said_by: dict[str, set[str]] = {}
    for origin, stance in zip(pages["origin"], pages["stance"], strict=True):
        said_by.setdefault(origin, set()).add(stance)
    found = {
        stance: [origin for origin, own in said_by.items() if own == {stance}] for stance in (FOR, AGAINST, PARTLY)
    }
    differing = [origin for origin, own in said_by.items() if len(own) > 1]
    said = []
    if found[FOR]:
        said.append(
            say_number(
                len(found[FOR]), "{n} independent origin says so ({ids}).", "{n} independent origins say so ({ids}).",
                ids=_list_pages(pages, found[FOR]),
            )
        )  # fmt: skip
    if found[AGAINST]:
        said.append(
            say_number(
                len(found[AGAINST]), "{n} independent origin excludes it ({ids}).",
                "{n} independent origins exclude it ({ids}).", ids=_list_pages(pages, found[AGAINST]),
            )
        )  # fmt: skip
    if found[PARTLY]:
        said.append(
            say_number(
                len(found[PARTLY]), "{n} says less or something else ({ids}).",
                "{n} say less or something else ({ids}).", ids=_list_pages(pages, found[PARTLY]),
            )
        )  # fmt: skip
    if differing:
        said.append(
            say_number(
                len(differing), "{n} origin does not say the same throughout: {origins} ({ids}).",
                "{n} origins do not say the same throughout: {origins} ({ids}).",
                origins=join(name_origin(origin) for origin in differing), ids=_list_pages(pages, differing),
            )
        )  # fmt: skip
    if found[FOR]:
        return said
    return [*said, say(_NOT_THROUGHOUT if any(FOR in said_by[origin] for origin in differing) else _NONE)]


def _list_pages(pages: pd.DataFrame, origins: list[str]) -> str:
    """The rows of some origins, one of each first."""
    own = pages[pages["origin"].isin(origins)]
    return shorten_ids([*own.drop_duplicates("origin")["evidence_id"], *own["evidence_id"]])


def _official(pages: pd.DataFrame) -> list[str]:
    """Which official records are among them, and on which side; only where some speak against."""
    if AGAINST not in set(pages["stance"]):
        return []
    weighed = weigh_origins(pages)
    records = weighed[weighed["tier"] == OFFICIAL_TIER]
    return [
        say(
            text,
            origins=join(name_origin(str(origin)) for origin in records.loc[records["stance"] == stance, "origin"]),
        )
        for stance, text in ((AGAINST, _RECORD_AGAINST), (FOR, _RECORD_FOR))
        if stance in set(records["stance"])
    ]


def _measured(test: Any) -> str:
    part = _begin(say_data(test.part))
    decimals = _DECIMALS.get(test.look_at, 0)
    is_signed = test.look_at in ("tilt", "balance_change", "pressure_association")
    numbers = (test.value, test.low, test.high)
    if test.look_at in _OF_OTHERS:  # a share of a few is said as so many of so many
        numbers = tuple(one * test.n_others / 100 for one in numbers)
        decimals = int(any(one % 1 > 0.01 and one % 1 < 0.99 for one in numbers if pd.notna(one)))
    value, low, high = (format_number(one, decimals, signed=is_signed) for one in numbers)
    if test.kind == "sequence":
        return say_number(round(test.value), "{part}: {n} day apart.", "{part}: {n} days apart.", part=part)
    if test.why and not test.n_asked:
        return say(_BARE_WHY, part=part, why=say(_WHY[test.why]))
    if test.why:
        return say(_UNKNOWN, part=part, why=say(_WHY[test.why]), n=format_number(test.n, 0),
                   asked=format_number(test.n_asked, 0))  # fmt: skip
    if pd.notna(test.p_value):
        return say(_CORRELATED, part=part, value=value, share=format_percent(test.p_value))
    if test.verdict == NOT_FOUND:
        return say(_BARE, part=part, value=say("{low} to {high}", low=low, high=high), why=say(_SPANS))
    if low != high:
        value = say(_WITHIN, value=value, low=low, high=high)
    counts = {"others": test.n_others, "n": test.n, "highest": test.highest_has, "fewest": test.fewest,
              "most": test.most}  # fmt: skip
    said = say(
        _MEASURED[test.look_at], part=part, value=value, limit=test.expected[1:],
        since=f"{test.since:.0f}", **{name: _whole(number) for name, number in counts.items()},
    )  # fmt: skip
    return said if test.verdict != SINGLE_SOURCE else f"{said} {say(_ONE_OUTLET)}"


def _whole(number: float) -> str:
    return format_number(number, 0) if pd.notna(number) else ""


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]


def _run_on(text: str) -> str:
    """What follows a colon; none of the reasons begins with a name."""
    return text[:1].lower() + text[1:]
