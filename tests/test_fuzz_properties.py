"""The oracles of fuzzing on a few broken inputs each, the same in every run; each oracle finds a fault planted for it."""

from dataclasses import replace
from random import Random

import pandas as pd
import pytest
from fuzz import actors, archives, curated, dates, events, parameters, relations, report, tables
from fuzz.targets import NAMES, create_target
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import analysis
from analysis import build
from analysis.cleaning.dates import DateRange
from analysis.cleaning.result import Cleaned
from analysis.engine import duck
from analysis.reference.actors import ActorRef
from analysis.sources.events.reading import RawChunk

PIECES = [
    *b'\0 \r \n \t , " "" \xff \xc2\xb2 \xef\xbb\xbf \xe2\x80\xa8 \xe2\x80\xae \x1b[2J \x1c \x85'.split(b" "),
    *b"NA -9 0 1.5 1e400 nan inf 1_0 99999999999999999999 # = [ { \\ < > & <td> </table> <![a[ &#0; {{ ---".split(b" "),
]
EXAMPLES = {"dates": 300, "parameters": 150, "entries": 80, "html": 60, "typst": 40, "relations": 60, "curated": 30}


@st.composite
def broken_inputs(draw, seeds):
    """A seed in which some places are overwritten with what breaks readers, or with any bytes."""
    data = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(data)))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=4))
        data = data[:start] + piece + data[start + draw(st.sampled_from([0, 1, len(piece), 30])) :]
    return data


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(("relations_", "report"))])
def test_the_oracle_holds_for_broken_inputs(name):
    target = create_target(name)
    seen = []

    @settings(
        derandomize=True, database=None, deadline=None, max_examples=EXAMPLES.get(name, 12),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(broken_inputs(target.seeds()))
    def check(data):
        target.check(data)
        seen.append(data)

    check()
    assert len(seen) >= EXAMPLES.get(name, 12) // 2
    if target.together:
        target.together(seen)


def test_a_report_tells_what_readers_accept():
    worlds = report.create_seeds()
    told = []

    @settings(derandomize=True, database=None, deadline=None, max_examples=8, phases=[Phase.generate])
    @given(st.sampled_from(worlds), st.integers(0, 2**32))
    def check(data, seed):
        changed = report.mutate(data, Random(seed))
        if report.check(changed):
            told.append(changed)

    check()
    assert len(told) >= 2
    report.check_drawn(told[:1])


def _without_last_row(read):
    def read_less(path, layout, *, with_care=False):
        for chunk in read(path, layout, with_care=with_care):
            yield RawChunk(chunk.rows.slice(0, chunk.rows.num_rows - 1), chunk.malformed)

    return read_less


def _quick_one_differs(read):
    def read_otherwise(path, layout, *, with_care=False):
        for chunk in read(path, layout, with_care=with_care):
            yield chunk if with_care else RawChunk(chunk.rows.slice(1), chunk.malformed)

    return read_otherwise


def _nothing_malformed(read):
    return lambda name, chunk: []


def _without_limit(unpack):
    return lambda path, *, limit, spill: unpack(path, spill=spill)


def _file_without_last_row(read):
    def read_less(path):
        file = read(path)
        return replace(file, rows=file.rows.iloc[:-1])

    return read_less


def _without_rejects(clean):
    def clean_less(*given):
        made = clean(*given)
        return Cleaned(made.tables, made.merges, [])

    return clean_less


def _end_before_start(parse):
    def parse_otherwise(*given):
        found = parse(*given)
        return DateRange(found.end, found.start - pd.Timedelta(days=1), found.precision)

    return parse_otherwise


def _guesses(resolve):
    return lambda text: ActorRef(text[:3], None, None, "state")


def _not_escaped(render):
    return lambda document: render(document).replace("&lt;", "<").replace("&gt;", ">")


def _cell_left_out(render):
    return lambda document: render(document).replace("Bénin", "")


def _shouts(prepare):
    def prepare_otherwise(document):
        data = prepare(document)
        for block in data["blocks"]:
            for row in block.get("rows", []):
                row[1]["pieces"] = [["*loud*", None]]
        return data

    return prepare_otherwise


def _blank_page(render):
    return lambda document: render(replace(document, blocks=document.blocks[:1]))


def _takes_anything(check):
    return lambda given, declared: {name: given.get(name, one.default) for name, one in declared.items()}


def _reads_any_name(read):
    return lambda folder: [replace(briefing, name=f"../{briefing.name}") for briefing in read(folder)]


def _estimate_outside(measure):
    def measure_otherwise(*given):
        found = measure(*given)
        return replace(found, low=found.value + 0.1, high=found.value + 0.2)

    return measure_otherwise


def _tells_no_number(write):
    return lambda *given: ["It lies between 0.2 and nan."]


def _counts_halves(count):
    return lambda evidence: count(evidence).assign(n_events=0.5)


PLANTED = {
    "a row is dropped by both readers": ("icews", events, "read_chunks", _without_last_row),
    "a row is dropped by one reader": ("gdelt2", events, "read_chunks", _quick_one_differs),
    "malformed rows are forgotten": ("gdelt2", duck, "malformed_rows", _nothing_malformed),
    "a limit is not kept": ("archives", archives, "unpacked", _without_limit),
    "a curated row is dropped": ("curated", curated, "read_curated", _file_without_last_row),
    "rejected votes are forgotten": ("curated", build, "clean_votes", _without_rejects),
    "a day ends before it starts": ("dates", dates, "parse_partial", _end_before_start),
    "an actor is guessed": ("actors", actors, "resolve_actor", _guesses),
    "markup is not escaped": ("html", tables, "render_html", _not_escaped),
    "a cell is left out": ("html", tables, "render_html", _cell_left_out),
    "a cell becomes markup": ("typst", tables, "typst_data", _shouts),
    "a table is left out of the PDF": ("typst", tables, "render_pdf", _blank_page),
    "a value keeps another type": ("parameters", parameters, "check_parameters", _takes_anything),
    "an estimate lies outside its interval": ("report", analysis, "tilt", _estimate_outside),
    "a sentence says nan": ("report", analysis, "write_coverage", _tells_no_number),
    "half an event is counted": ("report", analysis, "count_events", _counts_halves),
    "a name leads out of its folder": ("entries", parameters, "read_briefings", _reads_any_name),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_fault_is_found(planted, monkeypatch):
    name, module, attribute, make = PLANTED[planted]
    monkeypatch.setattr(module, attribute, make(getattr(module, attribute)))
    target = create_target(name)
    seeds = [*target.seeds(), b"resolution,date,state,vote,source_url,note\nES-11/1,2022-03-02,Nowhere,yes,,\n"]
    assert any(_fails(target.check, seed) for seed in seeds) or _fails(target.together, seeds)


def test_a_relation_dropped_without_a_reject_is_found(monkeypatch):
    reader, text = relations.READERS["trade"]
    monkeypatch.setitem(relations.READERS, "trade", (lambda path: replace(reader(path), n_kept=1), text))
    assert _fails(create_target("relations_trade").check, text.encode())


def _fails(check, given) -> bool:
    try:
        check(given)
    except AssertionError:
        return True
    return False
