"""Corrections of the raw files: those made before they came here, and reviewed ones applied here."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.cleaning.result import Cleaned, reject
from analysis.errors import TightropeError
from analysis.schema import CHANGES, EVENT_SOURCES
from analysis.sources.curated import ID_COLUMNS


class StaleCorrectionError(TightropeError):
    """Corrections whose expected old value is no longer there; lists all of them."""


def apply_corrections(raw: Mapping[str, pd.DataFrame], corrections: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Raw rows with the reviewed corrections made.

    Parameters
    ----------
    raw : mapping of str to DataFrame
        Raw rows by file name.
    corrections : DataFrame
        The reference table `corrections`: file, row_id (an identifier, or ``line N``), field, old, new, reason.

    Raises
    ------
    StaleCorrectionError
        If a row or field of a file that is there is not, or does not hold the expected old value.
    """
    corrected = {name: frame.copy() for name, frame in raw.items()}
    faults = []
    for correction in corrections.to_dict("records"):
        name, row_id, field = correction["file"], correction["row_id"], correction["field"]
        where = f"{name}, row {row_id!r}, field {field!r}"
        frame = corrected.get(name)
        if frame is None:
            continue  # another raw folder, to which this correction does not speak
        if field not in frame or field in ("file", "line"):
            faults.append(f"{where}: no such field")
            continue
        here = _find_row(frame, row_id)
        if here.sum() != 1:
            faults.append(f"{where}: found {here.sum()} such rows, expected one")
        elif (value := frame.loc[here, field].item()) != correction["old"]:
            faults.append(f"{where}: expected {correction['old']!r}, found {value!r}")
        else:
            frame.loc[here, field] = correction["new"]
    if faults:
        raise StaleCorrectionError("corrections that no longer apply; remove or renew them:\n" + "\n".join(faults))
    return corrected


def clean_changes(raw: pd.DataFrame, files: Mapping[str, pd.DataFrame]) -> Cleaned:
    """The record of changes made before, each held against the file it speaks of.

    A change whose new value is not what the file holds (and which no later change of the
    same field replaced) is rejected, for it no longer records what happened.
    """
    rows, rejects = [], []
    changes = raw.to_dict("records")
    last = {(row["file_named"], row["row_id"], row["field"]): row for row in changes}
    for row in changes:
        fault = _change_fault(row, files) if last[row["file_named"], row["row_id"], row["field"]] is row else ""
        if fault:
            rejects.append(reject(row, fault))
            continue
        rows.append(
            {
                "changed_file": row["file_named"], "row_id": row["row_id"], "field": row["field"],
                "old": row["old"] or None, "new": row["new"] or None, "reason": row["reason"],
                "url": row["source_url"] or None, "file": row["file"], "line": row["line"],
            }
        )  # fmt: skip
    return Cleaned(tables={"changes": CHANGES.frame(rows)}, merges=[], rejects=rejects)


def add_checked_pages(reports: pd.DataFrame, events: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Reports of events with the pages that the check of the facts rests on.

    Parameters
    ----------
    reports, events : DataFrame
        The tables `event_sources` and `events`.
    changes : DataFrame
        Raw rows of layout "changes"; those that made an event "confirmed" name the second page.
    """
    files = events.set_index("event_id")["file"]
    confirming = changes[
        (changes["field"] == "certainty") & (changes["new"] == "confirmed") & (changes["source_url"] != "")
    ]
    confirming = confirming[confirming["row_id"].map(files) == confirming["file_named"]]
    pages = pd.DataFrame({"event_id": confirming["row_id"], "url": confirming["source_url"]})
    added = EVENT_SOURCES.frame(pages.drop_duplicates())
    return pd.concat([reports, added], ignore_index=True).drop_duplicates(["event_id", "url"], ignore_index=True)


def _change_fault(change: Mapping[str, str], files: Mapping[str, pd.DataFrame]) -> str:
    frame = files.get(change["file_named"])
    if frame is None or change["field"] not in frame:
        return f"names field {change['field']!r} of {change['file_named']!r}, which is not among the raw files"
    here = _find_row(frame, change["row_id"])
    if here.sum() != 1:
        return f"{change['file_named']} has {here.sum()} rows {change['row_id']!r}, expected one"
    value = frame.loc[here, change["field"]].item()
    if value != change["new"]:
        return f"{change['file_named']} holds {value!r} where the change says {change['new']!r}"
    return ""


def _find_row(frame: pd.DataFrame, row_id: str) -> pd.Series:
    for column in ID_COLUMNS:
        if column in frame and "file_named" not in frame:
            return frame[column] == row_id
    return frame["line"].map(lambda line: f"line {line}") == row_id
