"""Published tables of relationships: every record is kept or refused with its line, or the file with an error."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import TightropeError
from analysis.schema import REJECTS
from analysis.sources.relations import (
    arms,
    atop,
    baci,
    coups,
    cow_trade,
    digital_library,
    ideal_points,
    igo,
    state_lists,
    un_votes,
)
from analysis.sources.relations.sheet import Reading
from fuzz.scratch import scratch, write
from fuzz.targets import Target

_COUNTRIES = b"country_code,country_name,country_iso2,country_iso3\n251,France,FR,FRA\n768,Togo,TG,TGO\n"


def _read_baci(path: Path) -> Reading:
    countries = scratch() / "countries.csv"
    if not countries.exists():
        countries.write_bytes(_COUNTRIES)
    return baci.read_baci(path, countries)


READERS = {
    "un_votes": (
        un_votes.read_un_votes,
        "rcid,session,vote,ccode,member,date,unres\n9001,70,1,461,1,12/3/2015,R/70/1\n9001,70,9,220,,12/3/2015,R/70/1\n",
    ),
    "roll_calls": (
        un_votes.read_roll_calls,
        'rcid,session,importantvote,date,unres,amend,para,short,descr\n9001,70.0,,16772.0,R/70/1,1,,TITLE,"two\nlines"\n',
    ),
    "library": (
        digital_library.read_digital_library_votes,
        "undl_id,ms_code,ms_name,ms_vote,date,session,resolution,title\n1,TGO,TOGO,Y,2015-12-03,70,A/1,t\n",
    ),
    "members": (
        atop.read_atop_members,
        "atopid,member,phase,yrent,moent,dayent,yrexit,moexit,dayexit,defense,offense,neutral,nonagg,consul\n"
        "9005,461,0,1963,7,10,0,0,0,0,0,0,0,1\n9005,220,0,1963,7,,1990,1,.,0,0,0,0,1\n",
    ),
    "alliances": (
        atop.read_atop_alliances,
        "atopid,begyr,begmo,begday,endyr,endmo,endday,bilat,defense,offense,neutral,nonagg,consul,mem1,mem2,mem3\n"
        "9005,1963,7,10,0,0,0,1,0,0,0,0,1,461,220,.\n",
    ),
    "dyads": (
        atop.read_atop_dyad_years,
        "ccode1,ccode2,year,atop_defense,atop_offense,atop_neutral,atop_nonagg,atop_consul\n220.0,461.0,1990.0,0,0,0,0,1\n",
    ),
    "igo": (
        igo.read_igo_memberships,
        "ccode,year,state,un,ecowas,imaginary\n461.0,1990.0,togo,1.0,1.0,-9.0\n2,1990,usa,1,3,-1\n",
    ),
    "trade": (
        cow_trade.read_cow_trade_dyads,
        "ccode1,ccode2,year,flow1,flow2\n220,461,2014,-9,525.5\n2,461,2014,0,374\n",
    ),
    "national": (cow_trade.read_cow_trade_states, "ccode,year,imports,exports\n461,2014,1500,\n"),
    "points": (
        ideal_points.read_ideal_points,
        "Row,ccode,session,NVotes,IdealPoint,QO%,Q5%,Q10%,Q50%,Q90%,Q95%,Q100%,iso3c,Countryname\n"
        "1,437,74,90,0.5,0,0.25,0.3,0.5,0.7,0.75,1,CIV,Côte d'Ivoire\n",
    ),
    "coups": (
        coups.read_coup_events,
        "country\tccode\tyear\tmonth\tday\tcoup\tversion\nTogo\t461\t1963\t1\t13\t2\tx\nTogo\t461\t1991\t10\t1\t1\tx\n",
    ),
    "coup_years": (
        coups.read_coup_years,
        "gwcode,year,pt_attempt_num,pt_coup_num,pt_failed_num\n461,1991,4,0,4\n461,1992,0,0,0\n",
    ),
    "cow": (
        state_lists.read_cow_states,
        "stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version\n"
        "TOG,461,Togo,1960,4,27,2016,12,31,2016\n",
    ),
    "gw": (state_lists.read_gw_states, "gwcode,stateabb,statename,startdate,enddate\n461,TOG,Togo,-3536,17531\n"),
    "arms": (arms.read_arms_dyads, "year,sender,ccode1,receiver,ccode2,value\n2014,France,220,Togo,461,15\n"),
    "arms_table": (
        arms.read_arms_table,
        "Volume of transfers\nFigures are in millions of TIVs.\n\nExports by,2019,2020,2019-2020,Percentage\n"
        "France,3.5,,3.5,50%\nRussia,0 ,2,2,50%\nTotal world export,3.5,3,6.5,\n",
    ),
    "baci": (_read_baci, "t,i,j,k,v,q\n2020,251,768,010121,10.5,1.25\n2020,768,251,180100,7,\n2020,490,768,1,2,3\n"),
}
"""Name -> reader and a small good file of it."""

# These count what is no record of theirs: lines above the header, totals, or none at all.
_NOT_COUNTED = ("arms_table",)
_EMPTY = REJECTS.frame([])


def create_target(name: str) -> Target:
    """The target of one reader, or of all: the first byte of an input then says which."""
    if name:
        return Target(partial(check_reader, name), partial(create_seeds, name), None, b",")
    return Target(check, create_all_seeds, None, b",")


def check(data: bytes) -> None:
    """Hold a file to the oracle of the reader that its first byte names."""
    if data:
        check_reader(list(READERS)[data[0] % len(READERS)], data[1:])


def check_reader(name: str, data: bytes) -> None:
    """Hold one file to the oracle: records read = kept + refused, all with types, lines and reasons."""
    path = write(data)
    reader, example = READERS[name]
    try:
        reading = reader(path)
    except TightropeError as error:
        assert str(error)
        return
    rejects = reading.rejects
    assert rejects.dtypes.equals(_EMPTY.dtypes)
    assert reading.n_read == reading.n_kept + len(rejects)
    assert rejects["line"].is_unique
    assert rejects["reason"].str.len().gt(0).all()
    expected = _types(name, example)
    found = {column: str(dtype) for column, dtype in reading.frame.dtypes.items()}
    assert found == expected, "types differ from those of a good file"
    numbers = reading.frame.select_dtypes("float64")
    assert not np.isinf(numbers.to_numpy()).any(), "an endless number is kept"
    assert name != "baci" or (numbers >= 0).all(axis=None), "a sum is none"
    if name not in _NOT_COUNTED and (count := _count(data)) is not None:
        assert reading.n_read == count, "a record is lost"


_TYPES: dict[str, dict[str, str]] = {}


def _types(name: str, example: str) -> dict[str, str]:
    if name not in _TYPES:
        frame = READERS[name][0](write(example.encode(), "example.csv")).frame
        _TYPES[name] = {column: str(dtype) for column, dtype in frame.dtypes.items()}
    return _TYPES[name]


def _count(data: bytes) -> int | None:
    """Records below the header by the standard library; None where it may part them otherwise, or for R's own files."""
    try:
        text = (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data).decode("utf-8-sig")
    except ValueError:
        return None
    if '"' in text or "\r" in text or text.startswith("RD"):
        return None
    head = text.split("\n", 1)[0]
    delimiter = "\t" if head.count("\t") > head.count(",") else ","
    records = [record for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if record]
    has_header = bool(head) and not head[0].isdigit()
    return len(records) - 1 if has_header else None


def create_seeds(name: str) -> list[bytes]:
    """A good file of one reader, plain and packed, and rows of it that are broken."""
    text = READERS[name][1]
    header, _, rows = text.partition("\n")
    broken = [rows.replace("1", other) for other in ("", "NA", "-9", "1.5", "x", '"1"', "1e400", "1\r", "²")]
    return [
        text.encode(),
        *(pack(text.encode()) for pack in (partial(gzip.compress, mtime=0), bz2.compress, lzma.compress)),
        *(f"{header}\n{one}{rows}".encode() for one in broken),
        *(create_workspaces() if name == "un_votes" else ()),
    ]


def create_workspaces() -> list[bytes]:
    """Votes as saved by R, in bytes and in text, plain and packed."""
    import rdata

    table = pd.read_csv(io.StringIO(READERS["un_votes"][1]))
    frame = table.astype(
        {name: "float64" if table[name].dtype != "str" else pd.StringDtype("python") for name in table}
    )
    frame.columns = frame.columns.astype(object)
    path, made = scratch() / "votes.rda", []
    for form in ("xdr", "ascii"):
        rdata.write_rda(path, {"x": frame}, file_format=form, compression=None)
        made.append(path.read_bytes())
    return [*made, lzma.compress(made[0])]


def create_all_seeds() -> list[bytes]:
    """The seeds of every reader behind the byte that names it."""
    return [bytes([number]) + seed for number, name in enumerate(READERS) for seed in create_seeds(name)]
