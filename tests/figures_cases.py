"""Small invented frames for the figures of portfolio, votes, brokerage and ports."""

import pandas as pd

from analysis.measures.portfolio import PortfolioTilt

NAN = float("nan")

PORTFOLIO = pd.DataFrame(
    [
        ("missions", 0.6, 1.0, 0.25, 1.0, 0.25, "embassies", "embassies", "embassy", "non resident", "", ""),
        ("defence_agreements", NAN, NAN, 1.0, NAN, 1.0, "", "agreements", "", "signed 2025", "no source speaks of it", ""),
        ("memberships", 1.0, 2.0, 0.0, 1.0, 0.0, "organisations", "organisations", "CFA_XOF, OIF", "not in BRICS", "", ""),
        ("trade", -0.2, 4e10, 6e10, 2 / 3, 1.0, "XOF", "XOF", "import, 2024Q3", "import, 2024Q3", "", ""),
        ("arms", NAN, NAN, NAN, NAN, NAN, "", "", "", "", "no source of arms transfers", "no source of arms transfers"),
    ],
    columns=["dimension", "tilt", "strength_a", "strength_b", "scaled_a", "scaled_b", "unit_a", "unit_b", "basis_a",
             "basis_b", "reason_a", "reason_b"],
)  # fmt: skip
SUMMARY = PortfolioTilt(1.4 / 3, 3, 0.2, 0.8, "memberships", "trade", 0.0667, 0.8667)
NO_SUMMARY = PortfolioTilt(None, 1, None, None, "", "", None, None, "both powers are known in one dimension only")
PORTFOLIOS = pd.DataFrame(
    [
        ("TGO", "missions", 0.6, NAN, NAN, 1), ("TGO", "votes", NAN, NAN, NAN, 1), ("TGO", "mean", 0.47, 0.07, 0.87, 3),
        ("MLI", "missions", 0.0, NAN, NAN, 1), ("MLI", "votes", -0.6, NAN, NAN, 1), ("MLI", "mean", -0.3, -0.6, 0.0, 2),
        ("GHA", "missions", NAN, NAN, NAN, 1), ("GHA", "votes", 0.7, NAN, NAN, 1), ("GHA", "mean", NAN, NAN, NAN, 1),
    ],
    columns=["state", "dimension", "tilt", "low", "high", "n_dimensions"],
)  # fmt: skip
CALLS = {"ES-11/1": "2022-03-02", "ES-11/3": "2022-04-07", "ES-11/4": "2022-10-12"}
CHOICES = {
    "FRA": ("yes", "yes", "yes"), "RUS": ("no", "no", None), "TGO": ("absent", "yes", "abstain"),
    "MLI": ("abstain", "no", "yes"), "GHA": (None, None, None),
}  # fmt: skip
VOTES = pd.DataFrame(
    [
        (call, pd.Timestamp(day), state, vote)
        for state, choices in CHOICES.items()
        for (call, day), vote in zip(CALLS.items(), choices, strict=True)
    ],
    columns=["roll_call_id", "date", "state", "vote"],
)
BLOCS = {"TGO": "ECOWAS", "GHA": "ECOWAS", "MLI": "AES", "BFA": "AES"}
ROLES = pd.DataFrame(
    [
        ("TGO", "coordinator", 0.0, 0.5, 0.5, 1.0), ("TGO", "gatekeeper", 6.0, 2.0, 1.0, 0.004),
        ("TGO", "liaison", 1.0, 0.4, 0.6, 0.4),
        ("GHA", "coordinator", 0.0, 0.0, 0.0, 1.0), ("GHA", "gatekeeper", 1.0, 0.6, 0.4, 0.6),
        ("GHA", "liaison", 0.0, 0.1, 0.3, 1.0),
        ("MLI", "coordinator", 0.0, 0.2, 0.4, 1.0), ("MLI", "gatekeeper", 1.0, 0.8, 0.7, 0.7),
        ("MLI", "liaison", 0.0, 0.2, 0.3, 1.0),
        ("BFA", "coordinator", 0.0, 0.0, 0.0, 1.0), ("BFA", "gatekeeper", 0.0, 0.0, 0.0, 1.0),
        ("BFA", "liaison", 0.0, 0.0, 0.0, 1.0),
    ],
    columns=["state", "role", "count", "expected", "sd", "p_value"],
)  # fmt: skip
THROUGHPUT = pd.DataFrame(
    [
        ("Lome", "TGO", 2019, 22.6e6, 22.6e6, True), ("Lome", "TGO", 2020, 25.5e6, 26.0e6, True),
        ("Lome", "TGO", 2021, 29.5e6, 29.5e6, False), ("Tema", "GHA", 2016, 13.4e6, 13.4e6, False),
    ],
    columns=["port", "state", "year", "low", "high", "has_conflict"],
)  # fmt: skip
TRANSIT = pd.DataFrame(
    [
        ("BFA", "TGO", "Lome", "before", "tonnes", 2022, False, 3.0e6, 3.1e6, ""),
        ("BFA", "TGO", "Lome", "before", "share of imports", 2017, False, 34.0, 34.0, ""),
        ("BFA", "TGO", "Lome", "after", None, NAN, False, NAN, NAN, "no whole year"),
        ("MLI", "GHA", "Tema", "before", "tonnes", 2015, False, 44e3, 44e3, ""),
        ("MLI", "GHA", "Tema", "after", None, NAN, False, NAN, NAN, "no whole year"),
        ("NER", "BEN", "Cotonou", "before", "share of imports", 2023, True, 83.0, 83.0, ""),
        ("NER", "BEN", "Cotonou", "after", None, NAN, False, NAN, NAN, "no whole year"),
    ],
    columns=["destination", "state", "port", "period", "kind", "year", "is_read", "low", "high", "reason"],
)  # fmt: skip

YEARS = pd.DataFrame(
    [
        ("TGO", "2020-01-01", "2020-12-31", 0.25, -0.4, 0.8, 7, 9.5),
        ("TGO", "2021-01-01", "2021-12-31", -1.0, -1.0, -1.0, 5, 4.0),
        ("TGO", "2022-01-01", "2022-06-30", 1.0, None, None, 1, 2.0),
        ("MLI", "2020-01-01", "2020-12-31", -0.5, None, None, 2, 1.5),
        ("MLI", "2021-01-01", "2021-12-31", None, None, None, 0, 0.0),
        ("MLI", "2022-01-01", "2022-06-30", None, None, None, 0, 0.0),
        ("GHA", "2020-01-01", "2020-12-31", None, None, None, 0, 0.0),
        ("GHA", "2021-01-01", "2021-12-31", None, None, None, 0, 0.0),
        ("GHA", "2022-01-01", "2022-06-30", None, None, None, 0, 0.0),
        ("BEN", "2020-01-01", "2020-12-31", 0.1, None, None, 1, 3.0),
    ],
    columns=["state", "date_start", "date_end", "tilt", "low", "high", "n_events", "depth"],
).astype({"date_start": "datetime64[ns]", "date_end": "datetime64[ns]", "tilt": float, "low": float, "high": float})
HAPPENINGS = pd.DataFrame(
    [
        ("MLI", "coup", "", "2020-08-18", "2020-08-18", "day"),
        ("MLI", "suspended", "ECOWAS", "2020-01-01", "2021-07-01", "year"),
        ("MLI", "left", "ECOWAS", "2021-07-01", None, "day"),
        ("BEN", "coup_attempt", "", "2021-12-07", "2021-12-07", "day"),
    ],
    columns=["state", "kind", "organisation", "date_start", "date_end", "date_precision"],
).astype({"date_start": "datetime64[ns]", "date_end": "datetime64[ns]"})
POSITIONS = pd.DataFrame(
    [("MLI", 0, 0), ("NER", 0, 1), ("GHA", 1, 1), ("TGO", 2, 1), ("BEN", 3, 1)], columns=["state", "column", "row"]
)
