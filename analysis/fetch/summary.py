"""What a run of fetching did: new, already there, failed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analysis.fetch.remote import Refusal, RemoteFile


@dataclass(frozen=True)
class FetchSummary:
    """What a run did, or with `is_dry_run` would do.

    Attributes
    ----------
    source : str
        The source.
    folder : Path
        Where its files are.
    new : tuple of RemoteFile
        Files fetched in this run; in a dry run those that would be.
    present : tuple of str
        Names of the files that were already here, verified by their bytes.
    failed : tuple of Refusal
        Names and reasons of the files that could not be fetched.
    notes : tuple of str
        Gaps and malformed lines of the publisher's list.
    transferred : int
        Bytes that came over the network for the files, tries that failed included, lists not.
    is_dry_run : bool
        Whether nothing was fetched on purpose.
    """

    source: str
    folder: Path
    new: tuple[RemoteFile, ...]
    present: tuple[str, ...]
    failed: tuple[Refusal, ...]
    notes: tuple[str, ...]
    transferred: int
    is_dry_run: bool

    @property
    def size(self) -> int:
        """Bytes of the new files whose size is known."""
        return sum(remote.size or 0 for remote in self.new)

    @property
    def is_complete(self) -> bool:
        """Whether every file asked for is here, or in a dry run could be fetched."""
        return not self.failed
