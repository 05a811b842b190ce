"""The routes that users of GDELT have today, each run in a fresh process with its wall time and peak memory.

The second half of this file is the program that such a process runs. It imports nothing of this project, so it also
runs in another environment: name the interpreters of environments that hold further peers in TIGHTROPE_PEER_PYTHONS,
separated as in PATH. A peer that no interpreter has is skipped with a reason.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

PEERS = {  # module that each needs: what it does
    "duckdb_scan": ("duckdb", "DuckDB, bare scan of the same columns"),
    "duckdb_write": (
        "duckdb",
        "DuckDB, the same columns to Parquet by year, nothing cleaned: the floor of any cleaner",
    ),
    "pandas": ("pandas", "pandas, all 61 columns, usual cleaning, to Parquet"),
    "polars": ("polars", "Polars, all 61 columns, streaming, same cleaning, to Parquet"),
    "gdelt": ("gdelt", "gdelt, parsing alone, its download answered from the file"),
    "gdelt_py": ("py_gdelt", "gdelt-py, parsing alone, to its own event objects"),
}
MEMORY_PER_BYTE = {"pandas": 6, "polars": 6, "gdelt": 6, "gdelt_py": 8}  # of input, measured at 1 million rows
TEXT = ("Code", "Name", "CountryCode", "EventRootCode", "FeatureID", "FullName", "SOURCEURL")  # ends of text columns
RUNNER = """
import json, resource, subprocess, sys, time
begun = time.perf_counter()
done = subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
seconds = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
with open(sys.argv[1], "w") as file:
    json.dump([done.returncode, seconds, peak, done.stdout, done.stderr], file)
"""


@dataclass(frozen=True)
class Measured:
    """One run of a command.

    Attributes
    ----------
    seconds
        Wall time from start to exit, interpreter and imports included.
    peak_mib
        Largest resident set of the process or of one that it waited for.
    output
        What it printed.
    """

    seconds: float
    peak_mib: float
    output: str = field(repr=False)

    @property
    def answer(self) -> dict:
        """The last printed line as JSON: `work_seconds` without imports, `rows`, `version` and what a peer adds."""
        return json.loads(self.output.splitlines()[-1])


def run_measured(command: list[str], folder: Path, **environment: str) -> Measured:
    """Run a command in a fresh process and measure it.

    A small process stands between, because the peak memory of a child counts from the size of the one that forks it.

    Raises
    ------
    RuntimeError
        If the command fails; the message holds the end of what it wrote.
    """
    note = folder / "measured.json"
    runner = [sys.executable, "-S", "-c", RUNNER, str(note), *command]
    subprocess.run(runner, check=True, env={**os.environ, **environment})
    code, seconds, peak, output, errors = json.loads(note.read_text())
    note.unlink()
    if code:
        raise RuntimeError(f"{' '.join(command[:3])} ended with {code}: {errors[-2000:]}")
    return Measured(seconds, peak, output)


def find_python(peer: str) -> str | None:
    """The interpreter that has what the peer needs, this one first, or None."""
    module = PEERS[peer][0]
    look = f"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)"
    others = os.environ.get("TIGHTROPE_PEER_PYTHONS", "").split(os.pathsep)
    for python in filter(None, (sys.executable, *others)):
        if subprocess.run([python, "-c", look], check=False, capture_output=True).returncode == 0:
            return python
    return None


def why_absent(peer: str) -> str | None:
    """Why this peer cannot run here, or None if it can."""
    if find_python(peer):
        return None
    return f"{peer}: no interpreter here has the module {PEERS[peer][0]}; see TIGHTROPE_PEER_PYTHONS"


def why_too_large(peer: str, files: list[Path]) -> str | None:
    """Why these files would not fit into this machine's memory by this route, or None if they do."""
    needed = MEMORY_PER_BYTE.get(peer, 0) * sum(path.stat().st_size for path in files)
    facts = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    free = int(facts["MemAvailable"].split()[0]) * 1024
    if needed < 0.8 * free:
        return None
    return (
        f"{peer}: needs some {needed / 2**30:.0f} GiB of memory for these files, of which {free / 2**30:.0f} are free"
    )


def run_peer(
    peer: str,
    files: list[Path],
    folder: Path,
    *,
    all_columns: list[str],
    columns: list[str],
    plover: dict[str, str] | None = None,
    threads: int | None = None,
    memory_limit: str | None = None,
) -> Measured:
    """Run one peer on raw GDELT 2.0 files.

    Parameters
    ----------
    peer
        One of PEERS.
    files
        The same files that Tightrope cleans.
    folder
        An empty place for what the peer writes.
    all_columns
        Names of all 61 columns in the order of the file.
    columns
        The ones that Tightrope reads: DuckDB scans these, the others write these.
    plover
        CAMEO code to PLOVER type, for the peers that clean.
    threads, memory_limit
        What DuckDB may use, as Tightrope's own engine is set; DuckDB's defaults if absent.

    Raises
    ------
    LookupError
        If it is not installed.
    RuntimeError
        If it fails.
    """
    python = find_python(peer)
    if python is None:
        raise LookupError(why_absent(peer))
    folder.mkdir(parents=True, exist_ok=True)
    request = {
        "peer": peer,
        "files": [str(path) for path in files],
        "out": str(folder),
        "all_columns": all_columns,
        "columns": columns,
        "plover": plover or {},
        "threads": threads,
        "memory_limit": memory_limit,
    }
    if peer == "gdelt":
        with zipfile.ZipFile(folder / "in.zip", "w") as archive, archive.open("in.CSV", "w", force_zip64=True) as one:
            for path in files:
                one.write(path.read_bytes())
    order = folder / "request.json"
    order.write_text(json.dumps(request))
    return run_measured([python, str(Path(__file__)), str(order)], folder)


# What follows runs in the fresh process, perhaps in another environment.


def open_duckdb(request: dict) -> tuple[object, str, str]:
    """DuckDB, its scan of the files with all columns as text, and its version."""
    duckdb = importlib.import_module("duckdb")
    connection = duckdb.connect()
    for name in ("threads", "memory_limit"):
        if request[name]:
            connection.execute(f"SET {name} = '{request[name]}'")
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in request["all_columns"])
    scan = f"read_csv(?, delim='\t', header=false, quote='', escape='', auto_detect=false, columns={{{types}}})"
    return connection, scan, duckdb.__version__


def scan_with_duckdb(request: dict) -> dict:
    """Read the columns as text and force every value through an aggregate."""
    importlib.import_module("duckdb")
    begun = time.perf_counter(), time.process_time()
    connection, scan, version = open_duckdb(request)
    largest = ", ".join(f'max("{name}")' for name in request["columns"])
    found = connection.execute(f"SELECT count(*), {largest} FROM {scan}", [request["files"]]).fetchone()
    return {**time_since(begun), "rows": found[0], "version": version}


def write_with_duckdb(request: dict) -> dict:
    """Read the columns as text and write them as they are, by the year of their day."""
    importlib.import_module("duckdb")
    begun = time.perf_counter(), time.process_time()
    connection, scan, version = open_duckdb(request)
    named = ", ".join(f'"{name}"' for name in request["columns"])
    rows = f'SELECT {named}, left("SQLDATE", 4) AS year FROM {scan}'
    target = Path(request["out"], "events")
    copy = f"COPY ({rows}) TO '{target}' (FORMAT parquet, PARTITION_BY (year), COMPRESSION zstd)"
    written = connection.execute(copy, [request["files"]]).fetchone()
    return {**time_since(begun), "rows": written[0], "version": version}


def time_since(begun: tuple[float, float]) -> dict[str, float]:
    """Seconds of the clock, and of all cores together, since both were read."""
    return {"work_seconds": time.perf_counter() - begun[0], "cpu_seconds": time.process_time() - begun[1]}


def clean_with_pandas(request: dict) -> dict:
    """Read everything, parse dates, drop repeated ids, map the codes, sum by dyad and month, write Parquet."""
    pandas = importlib.import_module("pandas")
    begun = time.perf_counter()
    names = request["all_columns"]
    text = {name: str for name in names if name.endswith(TEXT) or ("Type" in name and "Geo" not in name)}
    rows = pandas.concat(
        [
            pandas.read_csv(path, sep="\t", header=None, names=names, dtype=text, quoting=3, low_memory=False)
            for path in request["files"]
        ],
        ignore_index=True,
    )
    read = len(rows)
    rows["date"] = pandas.to_datetime(rows["SQLDATE"], format="%Y%m%d")
    rows = rows.drop_duplicates("GLOBALEVENTID")
    rows["plover_type"] = rows["EventCode"].map(request["plover"])
    rows["cooperation"] = rows["GoldsteinScale"].clip(lower=0)
    rows["conflict"] = -rows["GoldsteinScale"].clip(upper=0)
    dyads = rows.groupby(["Actor1CountryCode", "Actor2CountryCode", "MonthYear"], as_index=False).agg(
        events=("GLOBALEVENTID", "size"), cooperation=("cooperation", "sum"), conflict=("conflict", "sum")
    )
    out = Path(request["out"])
    kept = list(dict.fromkeys([*request["columns"], "Year", "date", "plover_type"]))
    rows[kept].to_parquet(out / "events", partition_cols=["Year"])
    dyads.to_parquet(out / "dyad_months.parquet")
    seconds = time.perf_counter() - begun
    return {"work_seconds": seconds, "rows": read, "kept": len(rows), "version": pandas.__version__}


def clean_with_polars(request: dict) -> dict:
    """Do the same as with pandas, streaming."""
    polars = importlib.import_module("polars")
    begun = time.perf_counter()
    column = polars.col
    numbers = {"GLOBALEVENTID": polars.Int64, "GoldsteinScale": polars.Float64, "AvgTone": polars.Float64}
    numbers |= {name: polars.Int32 for name in request["all_columns"] if name.startswith(("Num", "Year", "MonthYear"))}
    numbers |= {name: polars.Float64 for name in request["all_columns"] if name.endswith(("Lat", "Long"))}
    schema = {name: numbers.get(name, polars.String) for name in request["all_columns"]}
    rows = polars.scan_csv(
        request["files"], separator="\t", has_header=False, quote_char=None, schema=schema, low_memory=True
    )
    score = column("GoldsteinScale")
    rows = rows.unique("GLOBALEVENTID", keep="any").with_columns(
        date=column("SQLDATE").str.to_date("%Y%m%d"),
        plover_type=column("EventCode").replace_strict(request["plover"], default=None, return_dtype=polars.String),
        cooperation=score.clip(lower_bound=0),
        conflict=-score.clip(upper_bound=0),
    )
    out = Path(request["out"])
    pair = ("Actor1CountryCode", "Actor2CountryCode")
    kept = list(dict.fromkeys([*request["columns"], *pair, "Year", "MonthYear", "date", "plover_type"]))
    rows.select([*kept, "cooperation", "conflict"]).sink_parquet(out / "events.parquet")
    written = polars.scan_parquet(out / "events.parquet")
    dyads = written.group_by(*pair, "MonthYear").agg(
        polars.len(), column("cooperation").sum(), column("conflict").sum()
    )
    dyads.sink_parquet(out / "dyad_months.parquet")
    count = written.select(polars.len()).collect().item()
    return {"work_seconds": time.perf_counter() - begun, "rows": count, "version": polars.__version__}


def parse_with_gdelt(request: dict) -> dict:
    """Let the package search for a quarter-hour, with the answers to all its downloads taken from the disk.

    Its wheel puts its tables where it does not look for them, so it also downloads them, the codes on import.
    """
    codes = Path(sys.prefix, "data", "cameoCodes.json").read_bytes()
    heads = "\n".join(["tableId", *request["all_columns"]]).encode()
    rows_zipped = Path(request["out"], "in.zip").read_bytes()

    def answer(url: str, **_: object) -> object:
        content = codes if url.endswith("cameoCodes.json") else heads if "Header" in url else rows_zipped
        return type("Answer", (), {"status_code": 200, "content": content, "url": url})

    importlib.import_module("requests").get = answer
    package = importlib.import_module("gdelt")
    begun = time.perf_counter()
    rows = package.gdelt(version=2).Search("2018 03 26", table="events")
    seconds = time.perf_counter() - begun
    described = int((~rows["CAMEOCodeDescription"].str.startswith("No Description")).sum())
    return {"work_seconds": seconds, "rows": len(rows), "described": described, "version": package.__version__}


def parse_with_gdelt_py(request: dict) -> dict:
    """Parse the bytes into the package's event objects, one after the other, keeping none."""
    parser = importlib.import_module("py_gdelt.parsers.events").EventsParser()
    event = importlib.import_module("py_gdelt.models.events").Event
    metadata = importlib.import_module("importlib.metadata")
    begun = time.perf_counter()
    rows = 0
    for path in request["files"]:
        for raw in parser.parse(Path(path).read_bytes()):
            event.from_raw(raw)
            rows += 1
    seconds = time.perf_counter() - begun
    return {"work_seconds": seconds, "rows": rows, "version": metadata.version("gdelt-py")}


ROUTES = {
    "duckdb_scan": scan_with_duckdb,
    "duckdb_write": write_with_duckdb,
    "pandas": clean_with_pandas,
    "polars": clean_with_polars,
    "gdelt": parse_with_gdelt,
    "gdelt_py": parse_with_gdelt_py,
}

if __name__ == "__main__":
    sys.path[:] = [entry for entry in sys.path if entry != str(Path(__file__).parent)]
    asked = json.loads(Path(sys.argv[1]).read_text())
    print(json.dumps(ROUTES[asked["peer"]](asked)))
