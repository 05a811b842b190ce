"""The measures: pure functions from the tables of events to engagement, tilt, balance and depth.

Each stands in docs/method.md with its formula, its source and a worked example.
"""

from analysis.measures.checks import MeasureError
from analysis.measures.compare import compare_states, compare_weights
from analysis.measures.engagement import create_engagements, engagement_by_month, words_and_deeds
from analysis.measures.neighbourhood import (
    BalanceChange,
    compare_spans,
    count_standings,
    measure_balance_change,
    split_halves,
    split_years,
)
from analysis.measures.rolling import rolling_tilt
from analysis.measures.spread import Balance, balance, depth
from analysis.measures.tilts import Tilt, largest_event, tilt

__all__ = [
    "Balance",
    "BalanceChange",
    "MeasureError",
    "Tilt",
    "balance",
    "compare_spans",
    "compare_states",
    "compare_weights",
    "count_standings",
    "create_engagements",
    "depth",
    "engagement_by_month",
    "largest_event",
    "measure_balance_change",
    "rolling_tilt",
    "split_halves",
    "split_years",
    "tilt",
    "words_and_deeds",
]
