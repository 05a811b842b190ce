"""Pages that load nothing: a template, its style sheets, a script, and the policy that allows these alone."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.reporting.pandoc import TEMPLATES

MASTHEAD = b'<header class="masthead">'
"""What stands in every page, and by which one of ours is known."""

_COMMON_STYLE = "briefing.css"


def render_page(
    template: str,
    *styles: str,
    script: str = "",
    filters: Mapping[str, Callable[..., Any]] | None = None,
    **values: Any,
) -> str:
    """Render a template of the folder; whatever is put into it is escaped.

    Parameters
    ----------
    template : str
        Its file name. It finds its style sheet as `style`, and as `style_digest` the hash by which the page's
        security policy allows this sheet and no other.
    *styles : str
        Further sheets, after the one that all pages share.
    script : str
        A script, which the template finds as `script` and `script_digest`; both are empty if it has none.
    filters : mapping, optional
        Filters that the template uses.
    **values
        What the template shows.
    """
    style, style_digest = _read(_COMMON_STYLE, *styles)
    code, script_digest = _read(script) if script else (Markup(""), "")
    environment = _environment()
    environment.filters.update(filters or {})
    return environment.get_template(template).render(
        style=style, style_digest=style_digest, script=code, script_digest=script_digest, **values
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _read(*names: str) -> tuple[Markup, str]:
    """Files of the folder as one text to stand in a page, and the hash by which a policy allows it."""
    text = "\n" + "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names)
    return Markup(text), base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
