"""A JupyterLab of the tests' own on loopback, with folders of its own, ended by its own process id."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest
import urllib3

from analysis.paths import DATA_VARIABLE

needs_lab = pytest.mark.skipif(
    find_spec("jupyterlab") is None or find_spec("jupyter_scheduler") is None,
    reason="no JupyterLab with jupyter-scheduler in this environment; tightrope[lab] has them",
)
_READY = re.compile(r"(http://127\.0\.0\.1:\d+)/lab")


@contextmanager
def run_lab(notebooks: Path, home: Path, data: Path) -> Iterator[str]:
    """Serve a folder of notebooks; yields the address. Only this machine can reach it, so it asks for no token."""
    folders = {name: home / name for name in ("config", "data", "runtime", "settings", "workspaces")}
    for folder in folders.values():
        folder.mkdir(parents=True)
    (folders["config"] / "labconfig").mkdir()
    (folders["config"] / "labconfig" / "page_config.json").write_text(
        # It would ask for news from the network, and open a dialog first.
        json.dumps({"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}})
    )
    environment = {
        **os.environ,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(folders["config"]),
        "JUPYTER_DATA_DIR": str(folders["data"]),
        "JUPYTER_RUNTIME_DIR": str(folders["runtime"]),
        "JUPYTERLAB_SETTINGS_DIR": str(folders["settings"]),
        "JUPYTERLAB_WORKSPACES_DIR": str(folders["workspaces"]),
        DATA_VARIABLE: str(data),
    }
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", "--IdentityProvider.token="]
    with subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options, str(notebooks)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        said = []
        try:
            assert server.stdout is not None
            for line in server.stdout:
                said.append(line)
                if found := _READY.search(line):
                    break
            else:
                raise AssertionError("JupyterLab did not start:\n" + "".join(said))
            # Whatever it says later must be read, or it would wait once the pipe is full.
            Thread(target=_keep, args=(server.stdout, home / "lab.log"), daemon=True).start()
            # It says its address a moment before it listens.
            with urllib3.PoolManager(retries=urllib3.Retry(connect=10, backoff_factor=0.1)) as pool:
                pool.request("GET", f"{found[1]}/api/status", timeout=20)
            yield found[1]
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def _keep(stream: Iterator[str], path: Path) -> None:
    with path.open("w", encoding="utf-8") as log:
        for line in stream:
            log.write(line)
            log.flush()
