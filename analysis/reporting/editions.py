"""The edition of a notebook in one language: prose that is there in several languages shown in the reader's alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.exhibit import METADATA_KEY
from analysis.language.tongue import SOURCE_LANGUAGE

_TAG = "lang-"


def find_language(notebook: Mapping[str, Any]) -> str:
    """The language (BCP 47) that the title of an executed notebook states, else its metadata, else English.

    Examples
    --------
    >>> find_language({"metadata": {"language": "fr"}, "cells": []}), find_language({"metadata": {}, "cells": []})
    ('fr', 'en')
    """
    found = ""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            about = output.get("metadata", {}).get(METADATA_KEY, {})
            if about.get("kind") == "title":
                found = about.get("language") or ""
    metadata = notebook.get("metadata", {})
    own = metadata.get(METADATA_KEY, {})
    return str(found or own.get("language") or metadata.get("language") or metadata.get("lang") or SOURCE_LANGUAGE)


def select_cells(notebook: Mapping[str, Any]) -> list[Any]:
    """The cells of the notebook's language: those tagged ``lang-<language>``, and all without such a tag.

    Where no cell is tagged with the notebook's language, English stands in.

    Examples
    --------
    >>> cells = [{"source": text, "metadata": {"tags": [f"lang-{text}"]}} for text in ("en", "fr")]
    >>> [[cell["source"] for cell in select_cells({"metadata": {"language": language}, "cells": cells})]
    ...  for language in ("fr-TG", "ee")]
    [['fr'], ['en']]
    """
    tagged = [(_languages(cell), cell) for cell in notebook["cells"]]
    wanted = find_language(notebook).partition("-")[0]
    if not any(wanted in languages for languages, _ in tagged):
        wanted = SOURCE_LANGUAGE
    return [cell for languages, cell in tagged if not languages or wanted in languages]


def _languages(cell: Mapping[str, Any]) -> set[str]:
    tags = cell.get("metadata", {}).get("tags", [])
    return {tag.removeprefix(_TAG) for tag in tags if tag.startswith(_TAG)}
