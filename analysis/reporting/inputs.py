"""What a report rests on: the rows its notebook can see, the notebook, the code and the libraries."""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.metadata import requires, version
from pathlib import Path
from typing import Any

import pandas as pd

import analysis
from analysis.briefing.digests import digest_events, digest_rows, join_digests
from analysis.briefing.selection import EVIDENCE_TABLES, Question, ask, select_rows
from analysis.paths import ARCHIVE
from analysis.reporting.reading import reads_evidence_alone
from analysis.schema import TABLES
from analysis.sources.catalogue import sha256_of
from analysis.store import find_table, read_build, read_table

_DIGEST = "digest"
_QUESTION = ("state", "powers", "end", "comparison")


class Snapshot:
    """The built tables as they are now, the code and the libraries, each read at most once.

    Parameters
    ----------
    data : Path
        Folder of built tables.

    Raises
    ------
    TightropeError
        If nothing has been built there.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.record = read_build(data)
        self._notebooks: dict[Path, tuple[str, bool]] = {}
        self._selected: tuple[Question, dict[str, pd.DataFrame]] | None = None

    @property
    def code(self) -> str:
        """One sha256 over every file of the package."""
        return hash_code()

    @property
    def versions(self) -> dict[str, str]:
        """The versions of Python, of this package and of every library that it asks for itself."""
        return dict(read_versions())

    def read_tables(self) -> None:
        """Read and digest every table now, which is done once a process, or in what it was forked from."""
        for name in TABLES:
            self._table(name)

    def describe(self, notebook: Path, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """What a notebook with these parameters rests on, for its manifest.

        Parameters
        ----------
        notebook : Path
            The notebook.
        parameters : mapping
            Its checked parameters.

        Returns
        -------
        dict
            ``build`` and ``files`` (sha256 of all that the tables were built from, and of each raw file), ``sources``
            (citation, licence and day of access of each that is listed), ``notebook``, ``code``, ``rows`` (one sha256
            for each table, of the rows that the notebook can see), and ``archive`` for a notebook that may read
            machine-coded events.
        """
        return {
            "build": self.record["inputs"],
            "files": {entry["file"]: entry["sha256"] for entry in self.record["files"]},
            "sources": self.record.get("sources", {}),
            "notebook": {notebook.name: self.read_notebook(notebook)[0]},
            "code": self.code,
            "rows": self.digest_rows(notebook, parameters),
            **self.describe_archive(notebook, parameters),
        }

    def read_notebook(self, notebook: Path) -> tuple[str, bool]:
        """A notebook's sha256, and whether it reads nothing but the evidence of its question."""
        if notebook not in self._notebooks:
            self._notebooks[notebook] = sha256_of(notebook), reads_evidence_alone(notebook.read_bytes())
        return self._notebooks[notebook]

    def digest_rows(self, notebook: Path, parameters: Mapping[str, Any]) -> dict[str, str]:
        """One sha256 for each table, of the rows that a notebook can see: all, unless it reads the evidence alone."""
        if not self._reads_evidence_alone(notebook, parameters):
            return {name: join_digests(self._table(name)[_DIGEST].tolist()) for name in TABLES}
        return {name: join_digests(frame[_DIGEST].tolist()) for name, frame in self._select(parameters).items()}

    def digest_events(self, notebook: Path, parameters: Mapping[str, Any]) -> dict[str, str]:
        """A short digest of each event that a notebook can see; none where it does not read the evidence alone."""
        if not self._reads_evidence_alone(notebook, parameters):
            return {}
        seen = self._select(parameters)
        return digest_events({name: seen[name].drop(columns=_DIGEST) for name in ("events", "dyad_events")})

    def describe_archive(self, notebook: Path, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The event files of the parameter `sources` (all without it), if the notebook may read them."""
        if self._reads_evidence_alone(notebook, parameters) or not (self.data / ARCHIVE.name).is_dir():
            return {}
        from analysis.archive.read import read_ledger

        ledger, sources = read_ledger(self.data / ARCHIVE.name), parameters.get("sources") or ()
        files = {
            file.name: file.sha256 for batch, file in ledger.files() if not sources or batch.source_name in sources
        }
        return {"archive": {"code": ledger.code, "rule": ledger.rule, "files": files}}

    def _reads_evidence_alone(self, notebook: Path, parameters: Mapping[str, Any]) -> bool:
        # One that does not declare the whole of its question will fail for want of a name.
        return self.read_notebook(notebook)[1] and all(name in parameters for name in _QUESTION)

    def _select(self, parameters: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
        question = ask(*(parameters[name] for name in _QUESTION))
        if self._selected is None or self._selected[0] != question:
            self._selected = question, select_rows({name: self._table(name) for name in EVIDENCE_TABLES}, question)
        return self._selected[1]

    def _table(self, name: str) -> pd.DataFrame:
        return _read_digested(name, *find_table(name, self.data))


@lru_cache(maxsize=len(TABLES))
def _read_digested(name: str, path: Path, seen: tuple[int, int, int]) -> pd.DataFrame:
    """A table with the digest of each row; once a process, or in what it was forked from."""
    frame = read_table(name, path.parent)
    shown = frame.drop(columns=["file", "line"], errors="ignore") if name in EVIDENCE_TABLES else frame
    return frame.assign(**{_DIGEST: digest_rows(shown)})


@cache
def read_versions() -> Mapping[str, str]:
    """The versions of what a report is made with; once a process, which runs what it has imported.

    Examples
    --------
    >>> {"python", "tightrope", "pandas"} <= set(read_versions())
    True
    """
    asked = [line for line in requires("tightrope") or [] if "extra ==" not in line]
    names = sorted(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in asked)
    return {"python": platform.python_version(), **{name: version(name) for name in ("tightrope", *names)}}


@cache
def hash_code() -> str:
    """One sha256 over every file of the package; once a process, which runs the code that it has read."""
    package = Path(analysis.__file__).parent
    files = sorted(path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return join_digests([f"{path.relative_to(package).as_posix()} {sha256_of(path)}" for path in files])


def list_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Sequence[str]:
    """The names whose values differ, or that stand on one side alone, sorted.

    Examples
    --------
    >>> list_differences({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4})
    ['b', 'c']
    """
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
