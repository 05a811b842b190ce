"""The environment variables of the processes that run notebooks: a short list, so that none changes or enters a report.

A token in the environment of who starts a run is none of a notebook's business: what a kernel does not have, no cell,
no traceback and no published file can show. What a kernel would read from variables (code to run first, settings, the
language, the time zone) is the same everywhere.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from analysis.paths import DATA_VARIABLE, PREVIOUS_VARIABLE

_HANDED_ON = {
    # where programs, libraries and temporary files are
    "PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP",
    "HOME", "USERPROFILE", "XDG_CACHE_HOME", "MPLCONFIGDIR", "PYPANDOC_PANDOC",
    # on which processor it is to believe itself, where its own guess computes wrongly
    "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE",
    # what Windows starts no process without
    "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA",
}  # fmt: skip
_SET = {
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "agg",
    # One report, one processor: how a sum is shared out among more decides its last bits, and small ones wait for it.
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
}


def kernel_environment(data: Path, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a process that runs notebooks.

    Parameters
    ----------
    data : Path
        Folder of built tables that notebooks read.
    given : mapping of str to str
        The environment of who starts it.

    Examples
    --------
    >>> made = kernel_environment(Path("/data"), {"PATH": "/bin", "TZ": "Asia/Tokyo", "DATAVERSE_API_TOKEN": "secret"})
    >>> made["PATH"], made["TZ"], "DATAVERSE_API_TOKEN" in made
    ('/bin', 'UTC', False)
    """
    return {
        **{name: value for name, value in given.items() if name.upper() in _HANDED_ON},
        **_SET,
        **_plain_matplotlib(),
        DATA_VARIABLE: str(data.resolve()),
        PREVIOUS_VARIABLE: "",
        "JPY_PARENT_PID": str(os.getpid()),
    }


def _plain_matplotlib() -> dict[str, str]:
    # Without it a user's own settings would be read; found without importing it.
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return {}
    return {"MATPLOTLIBRC": str(Path(spec.origin).parent / "mpl-data" / "matplotlibrc")}
