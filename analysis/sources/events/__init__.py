"""One module per format of machine-coded event file: how it is recognised, what it covers, which column means what."""

from analysis.sources.events.acled import ACLED
from analysis.sources.events.gdelt import GDELT1, GDELT1_TABLE, GDELT2, GDELT2_TABLE
from analysis.sources.events.icews import ICEWS
from analysis.sources.events.layout import EventLayout
from analysis.sources.events.polecat import POLECAT
from analysis.sources.events.ucdp import UCDP_GED

LAYOUTS: tuple[EventLayout, ...] = (GDELT2, GDELT2_TABLE, GDELT1, GDELT1_TABLE, ICEWS, POLECAT, ACLED, UCDP_GED)

IDS_LAST = frozenset(layout.source_name for layout in LAYOUTS if layout.ids_last)
"""The sources of which a later edition tells an event again under its id."""

__all__ = ["IDS_LAST", "LAYOUTS", "EventLayout"]
