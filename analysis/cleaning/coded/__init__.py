"""Machine-coded events cleaned at any scale: written once as Ibis expressions, run by DuckDB or by Spark."""

from analysis.cleaning.coded.judgements import create_judgements, judge_rows
from analysis.cleaning.coded.lookups import LOOKUP_SCHEMAS, create_lookups
from analysis.cleaning.coded.rules import (
    DUPLICATE_RULES,
    LASTING_RULE,
    check_rule,
    create_dyad_months,
    find_duplicates,
)

__all__ = [
    "DUPLICATE_RULES",
    "LASTING_RULE",
    "LOOKUP_SCHEMAS",
    "check_rule",
    "create_dyad_months",
    "create_judgements",
    "create_lookups",
    "find_duplicates",
    "judge_rows",
]
