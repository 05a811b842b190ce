"""The answer in words: generated sentences, each with its numbers, none that the numbers do not bear."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import pandas as pd

from analysis.briefing.evidence import Evidence
from analysis.briefing.frames import select_powers_without_events
from analysis.briefing.wording import name_of as _name
from analysis.exhibit import Exhibit, escape_markdown, show_title
from analysis.measures import Tilt, balance
from analysis.wording import count, format_day, format_number, format_percent, format_points, join

_PACKAGES = ("tightrope", "pandas", "numpy", "matplotlib", "papermill", "nbconvert", "pypandoc_binary", "typst")


def write_answer(
    evidence: Evidence,
    leaning: Tilt,
    rolling: pd.DataFrame,
    compared: pd.DataFrame,
    weightings: pd.DataFrame,
    months: int = 12,
) -> list[str]:
    """Three to five sentences that answer the briefing's question.

    Parameters
    ----------
    leaning : Tilt
        Between the first two powers over the whole window.
    rolling : DataFrame
        From :func:`analysis.measures.rolling_tilt`; its last row speaks of the latest months.
    compared : DataFrame
        From :func:`analysis.measures.compare_states`.
    weightings : DataFrame
        From :func:`analysis.measures.compare_weights`.
    months : int
        Length of the rolling window.
    """
    sentences = [
        _lean(evidence, leaning),
        _latest(evidence, leaning, rolling, months),
        _amounts(evidence),
        _standing(evidence, compared),
        _sensitivity(leaning, weightings, evidence),
    ]
    return [sentence for sentence in sentences if sentence]


def title_briefing(evidence: Evidence, language: str) -> Exhibit:
    """The head of the briefing: the state between its powers, and the window."""
    state, powers = evidence.names[evidence.state], join(evidence.names[power] for power in evidence.powers)
    return show_title(
        f"{state} between {powers}",
        f"What events and ties say of its balance, {_window(evidence)}",
        language=language,
        as_of=f"{evidence.end:%Y-%m-%d}",
    )


def key_numbers(evidence: Evidence, leaning: Tilt, compared: pd.DataFrame) -> dict[str, Any]:
    """The numbers a manifest keeps, rounded so that the next report can be compared."""
    own = compared[compared["state"] == evidence.state].iloc[0]
    amounts = evidence.engagements.groupby("power")[["cooperation", "conflict"]].sum()
    numbers: dict[str, Any] = {
        "tilt": _rounded(leaning.value), "tilt_low": _rounded(leaning.low), "tilt_high": _rounded(leaning.high),
        "tilt_between": [leaning.a, leaning.b], "n_events": int(evidence.engagements["event_id"].nunique()),
        "depth": _rounded(own["depth"]), "depth_percentile": _rounded(own["depth_percentile"]),
    }  # fmt: skip
    for power in evidence.powers:
        for column in ("cooperation", "conflict"):
            numbers[f"{column}_{power}"] = _rounded(amounts[column].get(power, 0.0))
    return numbers


def write_coverage(evidence: Evidence, counts: pd.DataFrame) -> list[str]:
    """What the figures rest on, and that it was gathered rather than sampled."""
    total = int(counts["n_events"].sum())
    confirmed = int(counts.loc[counts["certainty"] == "confirmed", "n_events"].sum())
    share = f" ({format_percent(confirmed / total)})" if total else ""
    derived = int((evidence.engagements["weight_basis"] == "derived").sum())
    sentences = [
        f"{count(total, 'event')} from {_window(evidence)} involve {_name(evidence, evidence.state)}; "
        f"{confirmed}{share} are confirmed by two outlets in every detail.",
        f"{count(evidence.engagements['event_id'].nunique(), 'of them concerns', 'of them concern')} a tie with "
        f"{join((_name(evidence, power) for power in evidence.powers), 'or')}.",
    ]
    if derived:
        sentences.append(f"{count(derived, 'weight')} without a reviewed judgement rests on the event type alone.")
    rejected = sum(entry["rows_rejected"] for entry in evidence.record["files"])
    read = sum(entry["rows_read"] for entry in evidence.record["files"])
    sentences.append(
        f"Of {read:,} rows in the raw files {rejected or 'none'} {'were' if rejected != 1 else 'was'} rejected."
    )
    return sentences


def write_events_with_powers(evidence: Evidence) -> list[str]:
    """How many events concern each power, and which powers have none."""
    parts = []
    for power in evidence.powers:
        number = evidence.engagements.loc[evidence.engagements["power"] == power, "event_id"].nunique()
        if number:
            parts.append(f"{count(number, 'event')} with {_name(evidence, power)}")
    missing = select_powers_without_events(evidence.engagements, evidence.powers)
    sentences = [f"The window holds {join(parts)}."] if parts else []
    if missing:
        sentences.append(
            f"No event with {join((_name(evidence, power) for power in missing), 'or')} was gathered, "
            "which does not mean that nothing happened."
        )
    return sentences


def write_organisations(evidence: Evidence, spells: pd.DataFrame) -> list[str]:
    """Spell out the acronyms of the organisations that the figure of memberships shows."""
    codes = dict.fromkeys(spells["organisation"])
    if not codes:
        return ["No membership of the compared states is on record for the window."]
    return [f"{join(f'{code} is the {escape_markdown(evidence.names.get(code, code))}' for code in codes)}."]


def write_provenance(evidence: Evidence) -> list[str]:
    """Name what made the report: the tables, by the hash of all they were built from, and the libraries."""
    libraries = (f"{package} {version(package)}" for package in _PACKAGES)
    return [escape_markdown(f"Made with {join(libraries)}, from tables {evidence.record['inputs'][:12]}.")]


def _lean(evidence: Evidence, leaning: Tilt) -> str:
    state, a, b = (_name(evidence, code) for code in (evidence.state, leaning.a, leaning.b))
    head = f"From {_window(evidence)}"
    if leaning.value is None:
        return f"{head} no cooperation of {state} with {a} or {b} was gathered, so no tilt can be given."
    value = f"the tilt between {a} (+1) and {b} ({format_number(-1, 0)}) is {format_number(leaning.value, signed=True)}"
    if leaning.low is None or leaning.high is None:
        return f"{head} {value}, from {count(leaning.n_events, 'event')}: too few to say how sure that is."
    interval = (
        f"90 % interval {format_number(leaning.low, signed=True)} to {format_number(leaning.high, signed=True)}, "
        f"{count(leaning.n_events, 'event')} of cooperation"
    )
    if leaning.low == leaning.high:
        only = a if leaning.value > 0 else b
        events = count(leaning.n_events, "event")
        return f"{head} all gathered cooperation of {state} with the two is with {only} ({events})."
    if round(leaning.low, 2) <= 0 <= round(leaning.high, 2):
        return f"{head} the gathered events do not settle to which side {state} leans: {value} ({interval})."
    towards = a if leaning.value > 0 else b
    return f"{head} {state} leans towards {towards}: {value} ({interval})."


def _latest(evidence: Evidence, leaning: Tilt, rolling: pd.DataFrame, months: int) -> str:
    if rolling.empty or leaning.value is None:
        return ""
    last = rolling.iloc[-1]
    head = f"In the {count(months, 'month')} to {format_day(last['month_end'])}"
    if pd.isna(last["tilt"]) or pd.isna(last["low"]):
        return f"{head} {count(int(last['n_events']), 'event')} of cooperation are too few to give an interval."
    value, low, high = (format_number(last[name], signed=True) for name in ("tilt", "low", "high"))
    events = count(int(last["n_events"]), "event")
    if round(last["low"], 2) == round(last["high"], 2):
        return f"{head} all of it is with {_name(evidence, leaning.a if last['tilt'] > 0 else leaning.b)} ({events})."
    if round(last["low"], 2) <= 0 <= round(last["high"], 2):
        return f"{head} the side is not settled either: {value} ({low} to {high}, {events})."
    towards = _name(evidence, leaning.a if last["tilt"] > 0 else leaning.b)
    return f"{head} it lies towards {towards}: {value} ({low} to {high}, {events})."


def _amounts(evidence: Evidence) -> str:
    amounts = evidence.engagements.groupby("power")[["cooperation", "conflict"]].sum()
    deeds = evidence.engagements[evidence.engagements["is_material"]].groupby("power")["cooperation"].sum()
    parts = []
    for power in evidence.powers:
        if power not in amounts.index:
            continue
        cooperation, conflict = amounts.loc[power, "cooperation"], amounts.loc[power, "conflict"]
        done = f" ({format_percent(deeds.get(power, 0.0) / cooperation)} of it deeds)" if cooperation else ""
        parts.append(
            f"{format_points(round(cooperation, 1))} effect points with {_name(evidence, power)}{done} against "
            f"{format_points(round(conflict, 1))} of conflict"
        )
    silent = [_name(evidence, power) for power in evidence.powers if power not in amounts.index]
    if not parts:
        return ""
    tail = f"; no event with {join(silent, 'or')} was gathered" if silent else ""
    spread = balance(evidence.engagements, list(evidence.powers))
    if len(evidence.powers) > 2 and spread.effective_number is not None:
        tail += f", a spread as if over {format_number(spread.effective_number, 1)} equal powers"
    return f"Cooperation weighs {join(parts)}{tail}."


def _standing(evidence: Evidence, compared: pd.DataFrame) -> str:
    own = compared[compared["state"] == evidence.state].iloc[0]
    powers = "both" if len(evidence.powers) == 2 else f"all {len(evidence.powers)}"
    depth = f"Cooperation with {powers} comes to {format_number(own['depth'], 1)} points a year"
    others = len(compared) - 1
    if others < 1 or pd.isna(own["depth_percentile"]):
        return f"{depth}."
    deeper = int((compared["depth"] > own["depth"]).sum())
    more = (
        f"{deeper} of the {count(others, 'other state')} compared"
        if deeper
        else f"none of the {others} other states compared"
    )
    return f"{depth}; {more} {'have' if deeper > 1 else 'has'} more, which also measures how much was looked for."


def _sensitivity(leaning: Tilt, weightings: pd.DataFrame, evidence: Evidence) -> str:
    values = weightings["tilt"].dropna()
    if leaning.value is None or len(values) < 2:
        return ""
    low, high = weightings["low"].round(2), weightings["high"].round(2)
    undecided = int(((low <= 0) & (high >= 0)).sum())
    signs = set((values > 0).astype(int) - (values < 0).astype(int))
    names = {1: _name(evidence, leaning.a), -1: _name(evidence, leaning.b), 0: "neither"}
    span = f"{format_number(values.min(), signed=True)} to {format_number(values.max(), signed=True)}"
    weighted = count(len(values), "way of weighing the events", "ways of weighing the events")
    direction = f"all point to {names[signs.pop()]}" if len(signs) == 1 else "differ in direction"
    even = (
        f", and {undecided} of the intervals {'include' if undecided > 1 else 'includes'} an even balance"
        if undecided
        else ""
    )
    return f"The {weighted} {direction} ({span}){even}."


def _window(evidence: Evidence) -> str:
    return f"{format_day(evidence.start)} to {format_day(evidence.end)}"


def _rounded(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), 4)
