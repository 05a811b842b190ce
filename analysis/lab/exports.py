"""Export from JupyterLab's menu: addresses of the exporters' names, and errors that a reader of the page can act on."""

from __future__ import annotations

from typing import Any

from jupyter_server.base.handlers import path_regex
from jupyter_server.nbconvert.handlers import NbconvertFileHandler
from jupyter_server.utils import url_path_join
from tornado import web

from analysis.errors import TightropeError

# The menu shows an exporter's name as it is; the server's own address has no room for the space in ours.
_FORMAT = "(?P<format>Tightrope%20(?:HTML|PDF))"
_UNPROCESSABLE = 422


class ExportHandler(NbconvertFileHandler):  # type: ignore[misc]
    """Answers with the exported notebook, or with what keeps it from being exported."""

    @web.authenticated
    async def get(self, format: str, path: str) -> None:
        """Export the notebook at a path.

        Raises
        ------
        HTTPError
            422 with the message of a TightropeError alone; as the server's own handler for any other fault.
        """
        try:
            answer = super().get(format, path)
            if answer is not None:
                await answer
        except web.HTTPError as error:
            if isinstance(error.__cause__, TightropeError):
                raise web.HTTPError(
                    _UNPROCESSABLE, "%s", error.__cause__, reason=f"{format}: not exported"
                ) from error.__cause__
            raise


def add_handlers(application: Any) -> None:
    """Add the address of each exporter to the server's web application."""
    address = url_path_join(application.settings["base_url"], "nbconvert", _FORMAT) + path_regex
    application.add_handlers(".*$", [(address, ExportHandler)])
