"""One target fuzzed for some minutes: its inputs are kept, its failures told once each, and the run counted."""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.targets import NAMES

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
_ABSENT = """atheris is not installed here. It has wheels for some machines only and so is no requirement of the project:
  python -m venv /tmp/fuzz && /tmp/fuzz/bin/pip install atheris==3.0.0
  echo "$PWD/.venv/lib/python3.11/site-packages" > /tmp/fuzz/lib/python3.11/site-packages/project.pth
  /tmp/fuzz/bin/python -m tests.fuzz TARGET"""


def main() -> int:
    """Run one target in a process of its own, which ends by itself."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=NAMES)
    parser.add_argument("--minutes", type=float, default=20.0, help="wall clock; 20 if not given")
    parser.add_argument("--seed", type=int, default=1, help="seed of the mutations; 1 if not given")
    parser.add_argument("--work", type=Path, default=PROJECT / ".fuzz", help="folder of inputs, findings and counts")
    given = parser.parse_args()
    if find_spec("atheris") is None:
        print(_ABSENT, file=sys.stderr)
        return 2
    folder = given.work.resolve() / given.target
    folder.mkdir(parents=True, exist_ok=True)
    seconds = max(1, round(60 * given.minutes))
    command = [sys.executable, "-m", "fuzz.loop", given.target, str(folder), str(seconds), str(given.seed)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), str(PROJECT)])}
    begun = time.monotonic()
    # The fuzzer leaves without a word to Python, so what it wrote is removed here; in memory, where there is a place.
    memory = Path("/dev/shm")
    with (
        (folder / "log.txt").open("wb") as log,
        TemporaryDirectory(prefix="tightrope-fuzz-", dir=memory if memory.is_dir() else None) as scratch,
    ):
        environment["TMPDIR"] = scratch
        # Ends by itself; an input that hangs is cut off by the fuzzer, the whole run here.
        run = subprocess.run(command, stdout=log, stderr=log, env=environment, cwd=folder, timeout=seconds + 3600)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = re.findall(rb"Done (\d+) runs|^#(\d+)\t", (folder / "log.txt").read_bytes(), re.MULTILINE)
    counts = {
        "target": given.target,
        "wall_minutes": round((time.monotonic() - begun) / 60, 1),
        "cpu_minutes": round((used.ru_utime + used.ru_stime) / 60, 1),
        "executions": max((int(done or seen) for done, seen in said), default=0),
        "inputs_kept": len(list((folder / "corpus").iterdir())),
        "findings": sorted(path.name for path in (folder / "findings").iterdir() if path.suffix == ".txt"),
        "exit": run.returncode,
    }
    with (folder / "runs.jsonl").open("a", encoding="utf-8") as runs:
        runs.write(json.dumps(counts) + "\n")
    print(json.dumps(counts, indent=1))
    return 1 if counts["findings"] or run.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
