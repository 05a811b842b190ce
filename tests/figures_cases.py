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
QUARTERS = pd.period_range("2024Q1", "2025Q4", freq="Q")
NET = pd.DataFrame(
    [
        (power, quarter.start_time, value, quarter.end_time.normalize(), int(value != 0), power != "CHN", n)
        for power, values, n in (
            ("FRA", (1, 0, -5, 0, 0, 2, 0, 1), 4), ("RUS", (0, 1, 0, 0, 5, 6, 4, 5), 5), ("CHN", (0,) * 7 + (3,), 1)
        )
        for quarter, value in zip(QUARTERS, values, strict=True)
    ],
    columns=["power", "date_start", "value", "date_end", "n_events", "is_enough", "n_distinct"],
)  # fmt: skip
LEVELS = pd.DataFrame(
    [
        ("FRA", "2024-01-01", "2025-12-31", -0.125, -1.5, 1.0), ("RUS", "2024-01-01", "2024-12-31", 0.25, 0.0, 0.5),
        ("RUS", "2025-01-01", "2025-12-31", 5.0, 4.25, 5.75), ("CHN", "2024-01-01", "2025-12-31", 0.375, NAN, NAN),
    ],
    columns=["power", "date_start", "date_end", "mean", "low", "high"],
).astype({"date_start": "datetime64[ns]", "date_end": "datetime64[ns]"})  # fmt: skip
POINTS = pd.DataFrame(
    [("RUS", "2025-01-01", "2024-10-01", "2025-04-01", 0.25, 5.0, 0.955)],
    columns=["power", "date", "earliest", "latest", "before", "after", "steadiness"],
).astype(dict.fromkeys(["date", "earliest", "latest"], "datetime64[ns]"))
NEAREST = pd.DataFrame(
    [("RUS", "2025-01-01", "2025-01-14", "2025-01-14", "day", "E1"), ("RUS", "2025-01-01", "2025-02-01", "2025-02-28",
      "month", "E2")],
    columns=["power", "point", "date_start", "date_end", "date_precision", "summary"],
).astype(dict.fromkeys(["point", "date_start", "date_end"], "datetime64[ns]"))  # fmt: skip
PRESSURE = pd.DataFrame(
    [
        ("home", "protest", 4.0, 0.0, "2024-04-01", "2024-06-30", True),
        ("home", "protest", 2.0, 0.0, "2024-04-01", "2024-06-30", False),
        ("home", "arrest", 2.0, 0.0, "2024-07-01", "2024-09-30", False),
        ("home", "relief", 7.0, 0.0, "2024-10-01", "2024-12-31", True),
        ("abroad", "FRA", 3.0, 5.0, "2024-04-01", "2024-06-30", True),
        ("abroad", "RUS", 1.0, 0.0, "2024-07-01", "2024-09-30", True),
        ("abroad", "RUS", 2.5, 0.0, "2024-07-01", "2024-09-30", False),
    ],
    columns=["place", "lane", "up", "down", "date_start", "date_end", "is_confirmed"],
).astype(dict.fromkeys(["date_start", "date_end"], "datetime64[ns]"))
RESPONSES = pd.DataFrame(
    [
        ("coup_nearby", power, lag, mean, mean - 1.0, mean + 0.5, 6)
        for power, means in (("FRA", (0.0, 0.5, 1.0, 0.25, 0.5)), ("RUS", (0.5, 0.25, 0.0, 0.0, 0.75)))
        for lag, mean in zip((-1, 0, 1, 2, 3), means, strict=True)
    ],
    columns=["kind", "power", "lag", "mean", "low", "high", "n"],
)
ABOUT_RESPONSES = pd.DataFrame(
    [
        ("coup_nearby", "FRA", -0.25, 0.8125, 0.0135, 6), ("coup_nearby", "RUS", 0.5, -0.25, 0.62, 6),
        ("coup_nearby", "CHN", NAN, NAN, NAN, 6),
        ("protest_wave", "FRA", NAN, NAN, NAN, 2), ("protest_wave", "RUS", NAN, NAN, NAN, 2),
        ("protest_wave", "CHN", NAN, NAN, NAN, 2),
        ("leader_visit", "FRA", NAN, NAN, NAN, 0), ("leader_visit", "RUS", NAN, NAN, NAN, 0),
        ("leader_visit", "CHN", NAN, NAN, NAN, 0),
    ],
    columns=["kind", "power", "rest", "effect", "p_value", "n_epochs"],
)  # fmt: skip
