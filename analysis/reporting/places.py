"""Places of the machine, taken out of what is published: where the project, Python and the user's home are."""

from __future__ import annotations

import json
import os
import re
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from analysis.paths import PROJECT


def hide_places(text: str, **folders: Path) -> str:
    """A text, or the text of a JSON file, in which each folder of the machine is called by what it is.

    Parameters
    ----------
    text : str
        Such as an error or a traceback.
    **folders : Path
        Further folders, each by what it is called, such as ``reports``.

    Examples
    --------
    >>> hide_places(f"File {PROJECT}/analysis/store.py:7")
    'File [project]/analysis/store.py:7'
    """
    names: dict[str, str] = {}
    for folder, name in [*((folder, f"[{name}]") for name, folder in folders.items()), *_list_places()]:
        for path in (str(folder.absolute()), os.path.realpath(folder)):
            # The root of the file system stands in every path, and is told by none.
            if len(Path(path).parts) > 1:
                names.setdefault(path, name)
                names.setdefault(json.dumps(path)[1:-1], name)
    longest_first = sorted(names, key=lambda path: (-len(path), path))
    found = re.compile("|".join(f"{re.escape(path)}(?![\\w-])" for path in longest_first))
    return found.sub(lambda match: names[match[0]], text)


def _list_places() -> Iterator[tuple[Path, str]]:
    yield PROJECT, "[project]"
    for name in ("purelib", "platlib", "stdlib"):
        yield Path(sysconfig.get_path(name)), "[python]"
    for prefix in (sys.prefix, sys.base_prefix):
        yield Path(prefix), "[python]"
    yield Path(tempfile.gettempdir()), "[temporary]"
    yield Path.home(), "~"
