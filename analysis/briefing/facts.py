"""The key numbers at the head of each report, with their units and how sure they are, and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.briefing.claim_words import count_versions
from analysis.briefing.evidence import Evidence
from analysis.briefing.holdings import Portfolios, create_portfolio_grid
from analysis.briefing.ledger import Ledger
from analysis.briefing.sides import tell_tilt
from analysis.briefing.wording import label_of, spoken
from analysis.exhibit import Fact
from analysis.language import NameList, say, say_number
from analysis.measures.verdicts import CONTRADICTED, DISPUTED, NOT_FOUND, SINGLE_SOURCE, SUPPORTED
from analysis.wording import format_end, format_number


@spoken
def write_facts(evidence: Evidence, numbers: Mapping[str, Any]) -> list[Fact]:
    """The key numbers of the briefing: tilt, depth, and how many events they rest on."""
    a, b = (label_of(evidence, code) for code in numbers["tilt_between"])
    powers = NameList((label_of(evidence, code) for code in evidence.powers), say("or"))
    return [
        Fact(
            say("Tilt between {a:bare} (+1) and {b:bare} (−1)", a=a, b=b),
            *tell_tilt(numbers["tilt"], numbers["tilt_low"], numbers["tilt_high"], a, b),
            "sensitivity",
        ),
        Fact(
            say("Depth"), format_number(numbers["depth"], 1), say("effect points of cooperation a year"), "neighbours"
        ),
        Fact(say("Events"), format_number(numbers["n_events"], 0), say("with {powers}", powers=powers), "balance"),
    ]


@spoken
def write_region_facts(evidence: Evidence, compared: pd.DataFrame, portfolios: Portfolios) -> list[Fact]:
    """The key numbers of a region: how many states take a side, and where the state itself stands."""
    a, b = (label_of(evidence, power) for power in evidence.powers[:2])
    toward, against = int((compared["low"] > 0).sum()), int((compared["high"] < 0).sum())
    own = compared.set_index("state").loc[evidence.state]
    ties = create_portfolio_grid(evidence, portfolios).query("dimension == 'mean'").set_index("state")
    mean = ties.loc[evidence.state]
    state = label_of(evidence, evidence.state)
    deepest = compared.sort_values(["depth", "state"], ascending=[False, True]).iloc[0]
    return [
        Fact(
            say("States that events place on one side"),
            say("{n} of {total}", n=toward + against, total=len(compared)),
            say("at 90 %: {n_a} towards {a:bare}, {n_b} towards {b:bare}", n_a=toward, n_b=against, a=a, b=b),
            "neighbours",
        ),
        Fact(
            say("Tilt of {state:bare} by events", state=state),
            *tell_tilt(own["tilt"], own["low"], own["high"], a, b),
            "states",
        ),
        Fact(
            say("Tilt of {state:bare} by standing ties", state=state),
            say("unknown") if pd.isna(mean["tilt"]) else format_number(mean["tilt"], signed=True),
            say("too few kinds known with both")
            if pd.isna(mean["tilt"])
            else say(
                "{low} to {high}, as kinds are left out or reweighted",
                low=format_end(mean["low"]),
                high=format_end(mean["high"]),
            ),
            "portfolios",
        ),
        Fact(
            say("Most cooperation: {state:bare}", state=label_of(evidence, deepest["state"])),
            format_number(deepest["depth"], 1),
            say("effect points a year"),
            "neighbours",
        ),
    ]


@spoken
def write_claim_facts(evidence: Evidence, ledger: Ledger) -> list[Fact]:
    """The key numbers of a report on claims: how many statements hold, and how many origins speak."""
    if ledger.statements.empty:
        return []
    verdicts = ledger.statements["verdict"]
    of_all = say_number(len(verdicts), "of {n} statement", "of {n} statements")
    counted = [
        (say("Supported"), [SUPPORTED]),
        (say("Single source"), [SINGLE_SOURCE]),
        (say("Disputed or contradicted"), [DISPUTED, CONTRADICTED]),
        (say("Not found"), [NOT_FOUND]),
    ]
    return [
        *(Fact(label, format_number(verdicts.isin(kinds).sum(), 0), of_all, "claims") for label, kinds in counted),
        Fact(
            say("Independent origins"),
            format_number(ledger.versions["origin"].nunique(), 0),
            say("behind {versions}", versions=count_versions(ledger.versions)),
            "claim_versions",
        ),
    ]
