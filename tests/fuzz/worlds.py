"""Small worlds: a question, and files of some rows each, of which values are changed but not the form.

Hand-coded files hold rows of the project's own; event files of each source's layout hold invented ones.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from random import Random

from archive_cases import INVENTED, SOURCE_LAYOUT

from analysis import reference
from analysis.errors import TightropeError
from analysis.paths import RAW
from analysis.sources.catalogue import find_raw_files
from analysis.sources.curated import recognise
from fuzz.curated import PART

Records = list[list[str]]
World = dict[str, Records]
"""The records of each layout's file, the header first; and of the question, under that name."""

QUESTION = "question"
NUMBERS = ("value", "size", "tie_effect", "salience", "months")
DATES = (
    "date_start", "date_end", "start", "end", "since", "until", "signed", "in_force", "terminated", "date", "published",
    "source1_date", "source2_date", "source_date", "year",
)  # fmt: skip
_NUMBERS = (
    "0 -0 0.0 -1 1 2 3 12 0.5 0.001 -0.001 0.0000000000001 999999999999999999 -1000000000000000000 100000000 "
    "1e400 nan inf 1_0 00012 2.50 50-100 0-0 +1 500"
)
_DAYS = (
    "1800 1800-01-01 2199-12-31 2020 2020-01-01 2019-12-31 2025-12-31 2026-02 2026 2023-07-26 2024-02-29 "
    "2023-02-29 1960 2025"
)
_TEXTS = ("", "NA", "nan", "None", "0", "a; b", "é", "<b>*c*", "x" * 300, "TGO", "FRA;RUS", "CONFLICT", "EVENT",
          "period: H1", "more than 5", "100%", "quarter")  # fmt: skip
_QUESTIONS = (
    "notebook state powers start end comparison months",
    "briefing TGO FRA,RUS 2020-01-01 2025-12-31 - 12", "briefing BEN FRA,RUS,CHN 2019-01-01 2025-12-31 TGO,NER 1",
    "briefing NER RUS,FRA 2023-07-26 2024-06-30 - 6", "briefing MLI FRA,ECOWAS 2021-01-01 2025-12-31 BFA 240",
    "region TGO FRA,RUS 2020-01-01 2025-12-31 - -", "region BFA FRA,USA 2022-02-01 2024-03-31 TGO,CIV,GHA -",
    "claims TGO FRA,RUS 2020-01-01 2025-12-31 - -",
)  # fmt: skip
_QUALITY = (
    "notebook states start end sources", "data_quality TGO,BEN 2022-01-01 2022-12-31 -",
    "data_quality TGO,FRA,NER 2018-06-15 2022-06-30 icews,gdelt2",
)  # fmt: skip
CODED = {kind: layout for kind, layout in SOURCE_LAYOUT.items() if layout.has_header}
_CODES = (
    "TGO TGOGOV FRA BENMIL REBUNK IGOWAFBUSWAS Togo France Benin Niger TO BN FR 461 475 042 190 999 CONSULT ASSAULT "
    "20220105 20221231120000 2022-01-05 2022-12-31 2018-06-01 17991231 91 -181 10.0 -10 11"
)


def read_world(data: bytes) -> World:
    """The files of an input by layout; of two files of one layout the last, and none of no layout."""
    world = {}
    for part in data.decode("utf-8", errors="replace").replace("\0", "").split(PART.decode()):
        records = [record for record in csv.reader(io.StringIO(part, newline="")) if record]
        if not records:
            continue
        try:
            world[_name_layout(records[0])] = records
        except TightropeError:
            continue
    return world


def _name_layout(header: list[str]) -> str:
    coded = [kind for kind, layout in CODED.items() if header == list(layout.columns)]
    return QUESTION if header[0] == "notebook" else coded[0] if coded else recognise(header, "input")


def file_name(layout: str) -> str:
    """A name that no reviewed table speaks of."""
    return f"some_{layout}.csv"


def write_world(world: World) -> bytes:
    """The input of a world: its files as CSV, whatever their own form."""
    return PART.join(write_records(records) for records in world.values())


def write_records(records: Records, layout: str = "") -> bytes:
    """A file of some layout; where nothing is quoted, what would part its fields is blanked."""
    text = io.StringIO(newline="")
    form = CODED.get(layout)
    if form is None or form.is_quoted:
        csv.writer(text, delimiter=form.delimiter if form else ",", lineterminator="\n").writerows(records)
    else:
        text.writelines(form.delimiter.join(" ".join(cell.split()) for cell in row) + "\n" for row in records)
    return text.getvalue().encode("utf-8", errors="replace")


def mutate(data: bytes, chance: Random) -> bytes:
    """Some values changed: to one of the same column, to a limit of its kind, or all rows of a column at once."""
    world = read_world(data)
    if not world:
        return data
    for _ in range(chance.choice([1, 2, 4, 8, 16])):
        layout = chance.choice(list(world))
        header, *rows = world[layout]
        known = _invent(layout) if layout in CODED else _QUALITY_ROWS if "states" in header else _records()[layout]
        kind = chance.random()
        if not rows or kind < 0.08:
            rows.insert(chance.randint(0, len(rows)), _fit(chance.choice(known[1:]), known[0], header))
        elif kind < 0.12 and layout != QUESTION:
            rows.remove(chance.choice(rows))
        elif kind < 0.16:
            rows.append(list(chance.choice(rows)))
        else:
            place = chance.randrange(len(header))
            value = _choose(header[place], known, chance)
            for row in rows if kind < 0.24 else [chance.choice(rows)]:
                if place < len(row):
                    row[place] = value
        world[layout] = [header, *rows]
    return write_world(world)


def _choose(column: str, known: Records, chance: Random) -> str:
    if chance.random() < 0.5 and column in known[0]:
        return chance.choice(known[1:])[known[0].index(column)]
    if known[0][0] in _EVENT_IDS:
        return chance.choice(chance.choice([_CODES.split(), _NUMBERS.split(), _DAYS.split(), list(_TEXTS)]))
    limits = _NUMBERS.split() if column in NUMBERS else _DAYS.split() if column in DATES else _TEXTS
    return chance.choice(limits)


def _fit(row: list[str], columns: list[str], header: list[str]) -> list[str]:
    named = dict(zip(columns, row, strict=True))
    return [named.get(column, "") for column in header]


def _split(lines: tuple[str, ...]) -> Records:
    return [["" if value == "-" else value for value in line.split()] for line in lines]


@cache
def _invent(kind: str) -> Records:
    """Events of the year 2022 in the layout of a source, of other days, actors and places."""
    layout, chance = CODED[kind], Random(kind)
    reads, compact = layout.reads, layout.date_format == "%Y%m%d"
    rows = []
    for number in range(24):
        day = f"2022-{number % 12 + 1:02d}-{chance.randint(1, 28):02d}"
        row = INVENTED[kind] | {reads["event_id"]: str(700000 + number)}
        for name in {"date_start", "date_end", "reported"} & reads.keys():
            row[reads[name]] = (
                day.replace("-", "") + "120000" * (name == "reported" and "2" in kind) if compact else day
            )
        for name in sorted({"source_raw", "target_raw", "source_key", "place_code", "goldstein"} & reads.keys()):
            if chance.random() < 0.3:
                row[reads[name]] = chance.choice(_CODES.split())
        rows.append([row.get(column, "") for column in layout.columns])
    return [list(layout.columns), *rows]


@cache
def _records() -> World:
    """Every hand-coded row, those of one layout together; judgements name events by the one file of a world."""
    found: World = {}
    found[QUESTION] = _split(_QUESTIONS)
    for path in find_raw_files(RAW):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        layout = recognise(header, path.name)
        if layout == "changes":
            continue
        if layout == "tie_effects":
            rows = [[file_name("events"), *row[1:]] for row in rows]
        columns, *before = found.get(layout, [header])
        longer = columns if len(columns) >= len(header) else header
        found[layout] = [
            longer,
            *(_fit(row, columns, longer) for row in before),
            *(_fit(row, header, longer) for row in rows),
        ]
    return found


def create_seeds() -> list[bytes]:
    """A world for each question, of rows that speak of its actors."""
    worlds = [_create_world(question, Random(number)) for number, question in enumerate(_records()[QUESTION][1:])]
    events = {"events": worlds[0]["events"]}
    header, *questions = _QUALITY_ROWS
    worlds += [
        {QUESTION: [header, question]} | events | {kind: _invent(kind) for kind in CODED} for question in questions
    ]
    return [write_world(world) for world in worlds]


_QUALITY_ROWS = _split(_QUALITY)
_EVENT_IDS = {layout.columns[0] for layout in CODED.values()}


def _create_world(question: list[str], chance: Random) -> World:
    known = _records()
    actors = {
        question[1],
        *question[2].split(","),
        *question[5].split(","),
        *reference.actors.comparison_set(question[1]),
    }
    world = {QUESTION: [known[QUESTION][0], question]}
    for layout, (header, *rows) in known.items():
        if layout == QUESTION or ("claim" in layout and question[0] != "claims"):
            continue
        if "claim" in layout:  # the reviewed tables speak of every claim
            kept = rows
        elif layout == "tie_effects":
            chosen = {row[0] for row in world["events"]}
            kept = [row for row in rows if row[1] in chosen]
        else:
            near = [row for row in rows if question[1] in row and actors & set(row) - {question[1]}]
            far = [row for row in rows if row not in near and actors & set(row)]
            kept = chance.sample(near, min(24, len(near))) + chance.sample(far, min(12, len(far)))
        world[layout] = [header, *sorted(kept, key=rows.index)]
    return world
