"""Where things are: constants only."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

DATA_VARIABLE = "TIGHTROPE_DATA"
"""Environment variable by which a run tells its notebook where the built tables are."""

PREVIOUS_VARIABLE = "TIGHTROPE_PREVIOUS"
"""Environment variable by which a run tells its notebook the manifest of the report that it is compared with."""

RAW = PROJECT / "data" / "raw"
BUILT = PROJECT / "data" / "processed"
PROCESSED = Path(os.environ.get(DATA_VARIABLE) or BUILT)
EVENT_FILES = RAW / "events"
ARCHIVE = PROCESSED / "coded"
NOTEBOOKS = PROJECT / "notebooks"
REPORTS = PROJECT / "reports"
REFERENCE = Path(__file__).resolve().parent / "reference"

SOURCES_TOML = "SOURCES.toml"
BRIEFINGS_TOML = "briefings.toml"
BUILD_JSON = "build.json"
MANIFEST_JSON = "manifest.json"
