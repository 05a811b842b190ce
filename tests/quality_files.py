"""Small event files with invented rows in the published layouts, for the tests of the quality report.

Through 2022 a GDELT 2.0 table and an ICEWS file speak of Togo and Benin, a known number of times a month.
"""

from __future__ import annotations

import csv

from analysis.sources.events.gdelt import GDELT2_TABLE
from analysis.sources.events.icews import ICEWS

GDELT_COUNTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
ICEWS_COUNTS = [2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11]
# Every month's ranks differ by one: sum of squared differences 12, so 1 - 6 * 12 / (12 * (144 - 1)).
RHO = 1 - 72 / 1716

_PLACE = {"FullName": "Lome, Maritime, Togo", "CountryCode": "TO", "Lat": "6.13", "Long": "1.22"}


def gdelt_row(number, day, **changed):
    """One row of the 61 columns: the government of Togo consults Benin in Lome, reported on its day."""
    row = dict.fromkeys(GDELT2_TABLE.columns, "")
    row |= {
        "GLOBALEVENTID": str(number), "SQLDATE": day, "MonthYear": day[:6], "Year": day[:4], "Actor1Code": "TGOGOV",
        "Actor1CountryCode": "TGO", "Actor1Type1Code": "GOV", "Actor2Code": "BEN", "Actor2CountryCode": "BEN",
        "EventCode": "042", "EventBaseCode": "042", "EventRootCode": "04", "QuadClass": "1", "GoldsteinScale": "1.9",
        "NumMentions": "4", "DATEADDED": f"{day}120000", "SOURCEURL": "https://example.org/invented",
        **{f"ActionGeo_{part}": value for part, value in _PLACE.items()},
    }  # fmt: skip
    assert set(changed) <= set(row)
    return row | changed


def write_gdelt(path):
    """The year 2022 of a GDELT 2.0 table, with planted faults; returns what the report must say of it."""
    rows = []
    for month, number in enumerate(GDELT_COUNTS, start=1):
        days = [1, *(2 + one for one in range(number - 1))] if month < 12 else [*range(20, 31), 31]
        rows += [gdelt_row(1000 * month + day, f"2022{month:02d}{day:02d}") for day in days]
    faults = [
        gdelt_row(90001, "20221231", SQLDATE="20210101"),  # a year before its report
        gdelt_row(90002, "20221231", ActionGeo_Lat="400"),
        gdelt_row(90003, "20221231", EventCode="999", EventRootCode="99"),
    ]
    others = [
        gdelt_row(90004, "20220105", Actor1Code="", Actor1CountryCode="", Actor1Type1Code=""),
        gdelt_row(90005, "20220105", Actor2Code="", Actor2CountryCode="", ActionGeo_CountryCode="FR"),
        # The day, actors, code and place of another row: one story, told twice.
        gdelt_row(90006, "20220201"),
        # Eight days before the report: late, but kept.
        gdelt_row(90007, "20220301", DATEADDED="20220309120000", Actor2Code="GHA", Actor2CountryCode="GHA"),
    ]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, GDELT2_TABLE.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, *faults, *others])
    return {"read": len(rows) + 7, "rejected": 3, "kept": len(rows) + 4}


def write_icews(path):
    """The same year in ICEWS: Benin consults Togo; on the first of each month Togo consults Benin."""
    lines = ["\t".join(ICEWS.columns)]
    for month, number in enumerate(ICEWS_COUNTS, start=1):
        days = [1, *(2 + one for one in range(number - 1))] if month < 12 else [1, *range(22, 31), 31]
        for day in days:
            source, target = ("Togo", "Benin") if day == 1 else ("Benin", "Togo")
            fields = {
                "Event ID": str(50_000 + 100 * month + day), "Event Date": f"2022-{month:02d}-{day:02d}",
                "Source Name": f"Government ({source})", "Source Sectors": "Government", "Source Country": source,
                "Event Text": "Consult", "CAMEO Code": "042", "Intensity": "1.9", "Target Name": f"Citizen ({target})",
                "Target Sectors": "NA", "Target Country": target, "Country": "NA",
            }  # fmt: skip
            lines.append("\t".join(fields.get(column, "1") for column in ICEWS.columns))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {"read": len(lines) - 1, "rejected": 0, "kept": len(lines) - 1}


def read_archive(folder, out):
    """The archive of a folder of event files."""
    from analysis.archive import build_archive
    from analysis.engine import connect

    made = build_archive(folder, out, connect)
    assert made is not None
    return made.ledger
