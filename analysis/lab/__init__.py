"""What JupyterLab is given: reports from its export menu, and jobs from the form of jupyter-scheduler.

The server finds this package by `etc/jupyter_server_config.d/tightrope.json`, which an installation puts into the
environment's own `etc/jupyter`, and so does jupyter-scheduler its settings.
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "analysis.lab"}]


def _load_jupyter_server_extension(server: Any) -> None:
    from analysis.lab.exports import add_handlers

    add_handlers(server.web_app)
