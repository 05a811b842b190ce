"""The published votes of the UN General Assembly, read straight from their files: for tests and benchmarks only."""

import os
from pathlib import Path

import pandas as pd

from analysis.paths import PROJECT

SHARED = Path(os.environ.get("TIGHTROPE_SHARED_DATA", PROJECT.parent / "shared" / "data"))
VOTES = SHARED / "unga" / "UNVotesPublished.csv.gz"
ROLL_CALLS = SHARED / "unga" / "un_roll_calls.csv.gz"
CHOICES = {1: "yes", 2: "abstain", 3: "no", 8: "absent", 9: "not_member"}
ABSENT = f"the published data are not in {SHARED}; set TIGHTROPE_SHARED_DATA"


def read_published_votes() -> pd.DataFrame:
    """All votes of sessions 1 to 70; the one roll call without a date takes that of the list of roll calls."""
    raw = pd.read_csv(VOTES, usecols=["rcid", "session", "vote", "ccode", "date"])
    days = pd.read_csv(ROLL_CALLS, usecols=["rcid", "date"]).set_index("rcid")["date"]
    listed = pd.Timestamp("1970-01-01") + pd.to_timedelta(raw["rcid"].map(days), unit="D")
    return pd.DataFrame(
        {
            "roll_call_id": raw["rcid"].astype(str),
            "session": raw["session"],
            "date": pd.to_datetime(raw["date"], format="%m/%d/%Y").fillna(listed),
            "cow_number": raw["ccode"],
            "state": raw["ccode"].astype(str).str.zfill(3),
            "vote": raw["vote"].map(CHOICES).astype("str"),
        }
    )
