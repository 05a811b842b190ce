"""The earlier report that a new one is compared with: chosen without the clock, and kept with the new one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.errors import TightropeError
from analysis.paths import MANIFEST_JSON
from analysis.reporting.days import list_days
from analysis.reporting.manifest_form import read_with_bytes
from analysis.reporting.parameters import AS_OF

PREVIOUS_JSON = "previous.json"
"""The earlier report's manifest, within the report that is compared with it."""

_NOT_ASKED = {AS_OF, "language"}


def choose_previous(home: Path, parameters: Mapping[str, Any], rows: Mapping[str, str]) -> bytes | None:
    """The manifest of the report that a new one is compared with.

    It is the report of the same day if that one saw other rows; what that one was compared with if it saw the same, so
    that a second run of one report gives the same bytes; else the newest report of an earlier day. One that asked
    another question, or did not note its events, is not compared.

    Parameters
    ----------
    home : Path
        The report's folder, where the days of its published reports are.
    parameters : mapping
        The new report's checked parameters.
    rows : mapping
        One digest for each table, of the rows that the new report sees.

    Examples
    --------
    >>> choose_previous(Path("reports/nowhere"), {"end": "2026-02-28"}, {}) is None
    True
    """
    as_of = str(parameters[AS_OF])
    for day in reversed(list_days(home)):
        if day > as_of:
            continue
        content, manifest = _read(home / day / MANIFEST_JSON)
        if not manifest or _question(manifest.get("parameters", {})) != _question(parameters):
            continue
        if day == as_of and manifest["inputs"]["rows"] == rows:
            content, manifest = _read(home / day / PREVIOUS_JSON)
            return content if manifest else None
        return content
    return None


def _read(path: Path) -> tuple[bytes, dict[str, Any]]:
    try:
        manifest, content = read_with_bytes(path)
    except TightropeError:
        return b"", {}
    is_dated = AS_OF in manifest.get("parameters", {})
    is_usable = is_dated and manifest.get("events") and "rows" in manifest.get("inputs", {})
    return content, manifest if is_usable else {}


def _question(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if name not in _NOT_ASKED}
