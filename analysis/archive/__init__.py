"""The archive of machine-coded events: from event files to Parquet by source and year, read back by state and date."""

from analysis.archive.build import ArchiveBuild, build_archive
from analysis.archive.read import read_coded_events, read_dyad_months, read_ledger

__all__ = ["ArchiveBuild", "build_archive", "read_coded_events", "read_dyad_months", "read_ledger"]
