"""What a report makes of values that readers accept: no number that is none, no interval without its estimate.

What the build accepts of a small world is told by the notebook's own cells; what they measure, and what a reader would
see of it, is held to the oracle. Figures are told by their alt texts, and drawn in the dear oracle alone.
"""

from __future__ import annotations

import ast
import json
import math
import re
import shutil
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import fields, is_dataclass
from functools import cache, partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from unittest.mock import patch

import matplotlib as mpl
import nbformat
import pandas as pd
from archive_cases import SharedEngine

import analysis
from analysis import figures
from analysis.briefing import claim_drawings, drawings, quality_drawings
from analysis.briefing.evidence import Evidence, load_evidence
from analysis.briefing.quality import load_quality
from analysis.build import build
from analysis.errors import TightropeError
from analysis.exhibit import Exhibit
from analysis.figures import quality_actors, quality_coverage, quality_overlap, quality_rejects
from analysis.language import LANGUAGES
from analysis.paths import ARCHIVE, NOTEBOOKS
from analysis.reporting.document import read_document
from analysis.reporting.html import render_html
from analysis.reporting.parameters import check_parameters, read_parameters
from analysis.reporting.pdf import render_pdf
from analysis.reporting.question import check_question
from fuzz.scratch import scratch
from fuzz.targets import Target
from fuzz.worlds import (
    CODED,
    DATES,
    NUMBERS,
    QUESTION,
    World,
    create_seeds,
    file_name,
    mutate,
    read_world,
    write_records,
)

TOLD = ("briefing", "region", "claims", "data_quality")
"""The notebooks that are told."""

_LARGEST_WORLD = 2**17
_SECONDS = 120  # a world is built and a notebook run
_NO_VALUE = re.compile(
    r"(?<![\w.])(?:nan|inf|None(?! of | says so)|NaT|<NA>|True|False)(?!\w)|(?<![\w.-])[-−]0(?:[.,]0*)?(?![\d.,]*\d)"
)
_PLACE = re.compile(r"(?<=:)\d+\b")  # by which a tie without an identifier is known
_SHARES = re.compile(r"(.*_)?share|p_value|probability.*|evenness.*")
_SIGNED_SHARES = re.compile(r"tilt|net_value|correlation")
_COUNTS = re.compile(r"n_.*|count|n")
_ESTIMATES = {"low": ("tilt", "mean", "difference", "change", "value"), "evenness_low": ("evenness",)}


def create_target(_: str) -> Target:
    mpl.use("agg")
    return Target(check, create_seeds, check_drawn, mutate=mutate, many=8, largest=_LARGEST_WORLD, seconds=_SECONDS)


def check(data: bytes) -> list[Exhibit]:
    """Hold a world to the oracle, in one language and without drawing; returns what would be shown."""
    world = read_world(data)
    return _tell(world, LANGUAGES[len(data) % 2], is_drawn=False)


def check_drawn(given: list[bytes]) -> None:
    """Hold worlds to the whole oracle: in each language, with figures, as pages, and with their rows reversed."""
    for world in map(read_world, given):
        for language in LANGUAGES:
            check_pages(_tell(world, language, is_drawn=True))
        check_order(world)


def check_order(world: World) -> None:
    """The same is told of the rows in another order, unless one of two that cannot both stand was rejected."""
    turned = {name: [header, *(rows[::-1] if name != QUESTION else rows)] for name, (header, *rows) in world.items()}
    one, other = (_tell(each, LANGUAGES[0], is_drawn=False) for each in (world, turned))
    if one and pd.read_parquet(_tables() / "rejects.parquet").empty:
        for first, second in zip(one, other, strict=True):
            if first.about.get("name") != "files":
                for said, otherwise in zip(_say(first), _say(second), strict=True):
                    assert _PLACE.sub("", said) == _PLACE.sub("", otherwise), "the order of rows is told"


def check_pages(exhibits: list[Exhibit]) -> None:
    """What is shown becomes a page and a PDF."""
    if exhibits:
        outputs = [
            {"output_type": "display_data", "data": data, "metadata": metadata}
            for data, metadata in (each._repr_mimebundle_() for each in exhibits)
        ]
        cell = {"cell_type": "code", "source": "", "execution_count": 1, "outputs": outputs, "metadata": {}}
        document = read_document({"metadata": {}, "cells": [cell]}, "report")
        assert render_html(document)
        assert render_pdf(document).startswith(b"%PDF")


def _tell(world: World, language: str, *, is_drawn: bool) -> list[Exhibit]:
    """What a report on a world shows, held to the oracle; nothing if its files or its question are refused."""
    files = {name: records for name, records in world.items() if name != QUESTION}
    header, *rows = world.get(QUESTION, [[]])
    if not rows or not files:
        return []
    given = {name: value for name, value in zip(header, rows[-1], strict=False) if value}
    name = given.pop("notebook", "")
    if name not in TOLD:
        return []
    notebook = NOTEBOOKS / f"{name}.ipynb"
    try:
        _build(files)
        asked = check_question(check_parameters(given | {"language": language}, read_parameters(notebook)), _tables())
        exhibits, measured = _run(notebook, asked, is_drawn=is_drawn)
    except TightropeError as error:
        assert str(error)
        return []
    for name, value in measured.items():
        check_measure(name, value)
    quoted = {
        found for header, *rows in files.values() for row in rows for column, text in zip(header, row, strict=False)
        if column not in NUMBERS + DATES for found in _NO_VALUE.findall(text)
    }  # fmt: skip
    for exhibit in exhibits:
        for said in _say(exhibit):
            for found in _NO_VALUE.findall(said):
                assert found in quoted, f"{exhibit.about.get('name', '')}: {found} in {said}"
    return exhibits


def _build(files: World) -> None:
    """Build the tables: for each file, rows read = kept + merged + rejected."""
    raw = scratch() / "world"
    shutil.rmtree(raw, ignore_errors=True)
    raw.mkdir()
    coded = scratch() / "event_files"
    shutil.rmtree(coded, ignore_errors=True)
    coded.mkdir()
    for name, records in files.items():
        folder = coded if name in CODED else raw
        (folder / file_name(name)).write_bytes(write_records(records, name))
    with patch("analysis.build.hash_inputs", return_value=64 * "0"):  # shown, and another for rows in another order
        made = build(raw, _tables(), force=True)
    assert {counts["file"]: counts["rows_read"] for counts in made.record["files"]} == {
        file_name(name): len(records) - 1 for name, records in files.items() if name not in CODED
    }  # fmt: skip
    for counts in made.record["files"]:
        assert counts["rows_read"] == sum(counts[f"rows_{end}"] for end in ("kept", "merged", "rejected"))
    if any(coded.iterdir()):
        made = _engine().build(coded, _tables() / ARCHIVE.name)
        assert made.ledger.count()


@cache
def _engine() -> SharedEngine:
    return SharedEngine()


def _tables() -> Path:
    return scratch() / "tables"


def _run(notebook: Path, parameters: Mapping[str, Any], *, is_drawn: bool) -> tuple[list[Exhibit], dict[str, Any]]:
    """What the cells of a notebook show, and what they have named."""
    shown: list[Any] = []
    space: dict[str, Any] = {"display": lambda *given: shown.extend(given)}
    first, *others = _cells(notebook)
    with warnings.catch_warnings(action="error"), _surroundings(shown, is_drawn):
        exec(first, space)
        for cell in (None, *others):
            exec(cell, space) if cell else space.update(parameters)
    return [each for each in shown if isinstance(each, Exhibit)], space


@cache
def _cells(notebook: Path) -> list[Any]:
    """The cells of code, each of whose expressions is shown."""
    cells = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    return [compile(ast.Interactive(ast.parse(source).body), "<cell>", "single") for source in cells]


@contextmanager
def _surroundings(shown: list[Any], is_drawn: bool) -> Iterator[None]:
    """Tables of the scratch folder, what is shown kept, and figures that are told but not drawn."""
    with ExitStack() as stack:
        stack.enter_context(patch("sys.displayhook", shown.append))
        loaders = {"load_evidence": load_evidence, "load_quality": load_quality}
        given = {name: partial(load, data=_tables()) for name, load in loaders.items()}
        stack.enter_context(patch.dict(vars(analysis), given))
        if not is_drawn:
            for module in (figures, quality_actors, quality_coverage, quality_overlap, quality_rejects):
                plots = [name for name in dir(module) if name.startswith("plot_")]
                stack.enter_context(patch.multiple(module, **dict.fromkeys(plots, lambda *given, **named: None)))
            for module in (drawings, claim_drawings, quality_drawings):
                stack.enter_context(patch.object(module, "show_figure", _tell_figure))
        yield


def _tell_figure(axes: object, name: str, *, caption: str, alt: str) -> Exhibit:
    return Exhibit({}, {"kind": "figure", "name": name, "caption": caption, "alt": alt})


def _say(exhibit: Exhibit) -> Iterator[str]:
    """Each sentence, key number and cell of a table that a reader sees."""
    about = exhibit.about
    for part in ("title", "subtitle", "caption", "alt"):
        yield about.get(part, "")
    for fact in about.get("facts", ()):
        yield from fact
    yield json.dumps(about.get("key_numbers", {}), allow_nan=False)
    if about["kind"] == "text":
        yield exhibit.data["text/markdown"]
    elif about["kind"] == "table":
        yield from _read_cells(exhibit.data["text/html"])


def _read_cells(markup: str) -> list[str]:
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_data = found.append
    parser.feed(markup)
    return found


def check_measure(name: str, value: Any) -> None:
    """Hold what was measured, and all that it is made of, to the bounds of its kind."""
    if isinstance(value, Evidence):  # what was read, and not measured
        return
    if isinstance(value, pd.DataFrame):
        for number, row in enumerate(value.to_dict("records")):
            _check_record(f"{name}[{number}]", row)
    elif is_dataclass(value) and not isinstance(value, type):
        _check_record(name, {field.name: getattr(value, field.name) for field in fields(value)})
    elif isinstance(value, tuple) and hasattr(value, "_asdict"):
        _check_record(name, value._asdict())
    elif isinstance(value, Mapping):
        for key, one in value.items():
            check_measure(f"{name}[{key!r}]", one)
    elif isinstance(value, list | tuple):
        for number, one in enumerate(value):
            check_measure(f"{name}[{number}]", one)
    elif isinstance(value, float):
        assert not math.isinf(value), f"{name} is {value}"


def _check_record(name: str, record: Mapping[Any, Any]) -> None:
    for field, value in record.items():
        check_measure(f"{name}.{field}", value)
        if not isinstance(value, int | float) or math.isnan(value):
            continue
        if _SHARES.fullmatch(str(field)):
            assert 0 <= value <= 1, f"{name}.{field} is {value}"
        elif _SIGNED_SHARES.fullmatch(str(field)):
            assert -1 <= value <= 1, f"{name}.{field} is {value}"
        elif _COUNTS.fullmatch(str(field)):
            assert 0 <= value == round(value) < 2**53, f"{name}.{field} is {value}"
    for end, names in _ESTIMATES.items():
        low, high = record.get(end), record.get(end.replace("low", "high"))
        if isinstance(low, float) and isinstance(high, float):
            assert math.isnan(low) == math.isnan(high), f"{name} has one end"
            assert not low > high, f"{name}: {low} > {high}"
            for estimate in (record[field] for field in names if isinstance(record.get(field), float)):
                if not math.isnan(low + estimate):
                    assert low <= estimate <= high, f"{name}: {estimate} outside {low} to {high}"
