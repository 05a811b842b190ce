"""Build an archive once, in a process of its own, and print what it took as JSON. Run by tests/benchmarks/archive.py."""

import json
import sys
import time
from functools import partial
from pathlib import Path

from analysis.archive import build_archive, read_dyad_months
from analysis.engine import connect

if __name__ == "__main__":
    folder, out, engine, *state = sys.argv[1:]
    import analysis.engine.duck  # noqa: F401  imports done, as for every contestant

    begun, cpu_begun = time.perf_counter(), time.process_time()
    made = build_archive(Path(folder), Path(out), partial(connect, engine))
    seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu_begun
    counts = made.ledger.count()
    answer = {
        "work_seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "rows": sum(count["rows_read"] for count in counts),
        "kept": sum(count["rows_kept"] for count in counts),
        "n_read": made.n_read,
    }
    if state:
        queries = []
        for _ in range(6):
            begun = time.perf_counter()
            answer["n_dyad_months"] = len(read_dyad_months("gdelt2", states=state, folder=Path(out)))
            queries.append(time.perf_counter() - begun)
        answer["query_ms"] = sorted(queries[1:])[2] * 1000
    print(json.dumps(answer))
