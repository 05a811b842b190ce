"""What the cells of a report put out, measured as it arrives, so that no more than the limit is ever kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from analysis.errors import TightropeError
from analysis.reporting.limits import NotebookError, write_memory


class OutputMeter:
    """Admits the messages of a kernel until their outputs would be larger than a file of the report may be.

    Parameters
    ----------
    allowed : int or None
        Bytes that all cells may put out together; any number if None.
    end : callable
        Ends the kernel; given the error that says why.

    Attributes
    ----------
    error : NotebookError or None
        Why no more is admitted.
    """

    def __init__(self, allowed: int | None, end: Callable[[NotebookError], None]) -> None:
        self._allowed, self._end = allowed, end
        self._held = 0
        self.error: NotebookError | None = None

    def admits(self, content: Mapping[str, Any], notebook: Mapping[str, Any]) -> bool:
        """Whether a message may be kept; the kernel is ended by the first that may not.

        Parameters
        ----------
        content : mapping
            What the message says.
        notebook : NotebookNode
            The notebook with the outputs kept so far.
        """
        if self._allowed is None:
            return True
        if self.error is not None:
            return False
        size = measure(content)
        if self._held + size > self._allowed:
            self._held = measure_outputs(notebook)  # some may have been cleared or replaced since
        if self._held + size <= self._allowed:
            self._held += size
            return True
        self.error = NotebookError(
            f"put out {write_memory(size)} more than the {write_memory(self._held)} of outputs before, and a file of a "
            f"report may have {write_memory(self._allowed)}; show less, or allow more with --file-limit"
        )
        self._end(self.error)
        return False

    def stop_here(self, **_: Any) -> None:
        """Raise once a cell has ended of which not all was admitted: no other is begun.

        Raises
        ------
        NotebookError
            The error that ended the kernel.
        """
        if self.error is not None:
            raise self.error


def measure(value: Any) -> int:
    """Bytes of all text in a value, however deep.

    Examples
    --------
    >>> measure({"data": {"text/plain": "Lomé"}, "transient": {}})
    28
    """
    if isinstance(value, str):
        # An ASCII string knows its size; a copy of a large one would cost what is to be saved.
        return len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, Mapping):
        return sum(measure(key) + measure(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return sum(map(measure, value))
    return 8


def measure_outputs(notebook: Mapping[str, Any]) -> int:
    """Bytes of all outputs of a notebook."""
    return sum(measure(cell.get("outputs", [])) for cell in notebook["cells"])


def check_files(folder: Path, allowed: int | None, notebook: Mapping[str, Any]) -> None:
    """Refuse a report of which a file is larger than allowed.

    Parameters
    ----------
    folder : Path
        The files.
    allowed : int or None
        Bytes that each may have.
    notebook : NotebookNode
        The executed notebook, to say which cell puts out most.

    Raises
    ------
    TightropeError
        Naming the largest file, the limit and the cell.
    """
    size, path = max((path.stat().st_size, path) for path in folder.rglob("*") if path.is_file())
    if allowed is None or size <= allowed:
        return
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    most = max(cells, key=lambda cell: measure(cell.get("outputs", [])))
    first_line = next(iter(most["source"].strip().splitlines()), "")
    raise TightropeError(
        f"{path.relative_to(folder)} has {write_memory(size)}, and a file of a report may have "
        f"{write_memory(allowed)}; the cell {first_line!r} puts out most: show less there, or allow more with "
        "--file-limit"
    )
