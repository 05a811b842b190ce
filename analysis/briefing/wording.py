"""Words that the sentences of a briefing share."""

from __future__ import annotations

from analysis.briefing.evidence import Evidence
from analysis.exhibit import escape_markdown


def name_of(evidence: Evidence, code: str) -> str:
    """The reader's name of an actor, harmless in Markdown, or its code where there is none."""
    return escape_markdown(evidence.names.get(code, code))
