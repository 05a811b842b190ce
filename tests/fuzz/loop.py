"""The process that atheris runs in: mutates inputs, holds them to the oracle, and goes on after a failure.

A failure is kept once for each place it comes from: the input, and beside it the traceback.
"""

from __future__ import annotations

import hashlib
import random
import re
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import atheris

_TIMES_FOR_MANY = 30  # the computing of one input
_SECONDS_ON_THE_WALL = 1800
_MEGABYTES = 6000


def main(name: str, folder: Path, seconds: int, seed: int) -> None:
    """Fuzz one target for so many seconds; does not return."""
    with atheris.instrument_imports(include=["analysis"], enable_loader_override=False):
        from fuzz.targets import create_target

        target = create_target(name)
    corpus, findings = folder / "corpus", folder / "findings"
    for one in (corpus, findings):
        one.mkdir(exist_ok=True)
    for content in target.seeds():
        (corpus / hashlib.sha1(content).hexdigest()).write_bytes(content)
    waiting: list[bytes] = []

    def run(data: bytes) -> None:
        if not _holds(target.check, data, data, findings, target.seconds) or target.together is None:
            return
        waiting.append(data)
        if len(waiting) == target.many:
            given, waiting[:] = list(waiting), []
            _find_culprit(target.together, given, findings, target.seconds)

    arguments = [
        sys.argv[0],
        str(corpus),
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-max_len={target.largest}",
        f"-timeout={_SECONDS_ON_THE_WALL}",
        f"-rss_limit_mb={_MEGABYTES}",
        f"-artifact_prefix={findings}/",
    ]
    own = _own_mutator(target.mutate) if target.mutate else None
    mutator = _field_mutator(target.delimiter) if target.delimiter else own
    signal.signal(signal.SIGPROF, _stop)
    atheris.Setup(arguments, run, **({"custom_mutator": mutator} if mutator else {}))
    atheris.Fuzz()


def _find_culprit(check, given: list[bytes], findings: Path, seconds: int) -> bool:
    """Whether inputs hold together; of those that do not, the smallest part that fails is kept."""
    try:
        with _time_limit(_TIMES_FOR_MANY * seconds):
            check(given)
    except Exception:
        halves = (given[: len(given) // 2], given[len(given) // 2 :]) if len(given) > 1 else ()
        # One of the halves is enough: the next failure of the same kind finds the other.
        if any(not _find_culprit(check, half, findings, seconds) for half in halves):
            return False
        return _holds(check, given, b"\n\x1e\n".join(given), findings, seconds)
    return True


def _holds(check, given, data: bytes, findings: Path, seconds: int) -> bool:
    try:
        with _time_limit(seconds):
            check(given)
    except Exception as error:
        told = "".join(traceback.format_exception(error))
        frames = [f for f in traceback.extract_tb(error.__traceback__) if "/analysis/" in f.filename]
        place = f"{Path(frames[-1].filename).stem}-{frames[-1].lineno}" if frames else "oracle"
        said = re.sub(r"[^a-z]+", "-", str(error).split("\n")[0].lower())[:40] if not frames else ""
        stem = findings / f"{type(error).__name__}-{place}{said}"
        kept = stem.with_suffix(".bin")
        if not kept.exists() or kept.stat().st_size > len(data):
            kept.write_bytes(data)
            stem.with_suffix(".txt").write_text(told, encoding="utf-8", errors="backslashreplace")
        return False
    return True


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """Computing is counted, not the clock on the wall, which goes on while others have the processor."""
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    # What was checked may have caught the alarm, or been in a library that does not hear it.
    if time.process_time() - begun > seconds:
        _stop()


def _stop(*_: object) -> None:
    raise TimeoutError("took too much computing")


def _own_mutator(change):
    return lambda data, max_size, seed: change(data, random.Random(seed))[:max_size]


def _field_mutator(delimiter: bytes):
    """Mostly one field of one line is changed, so that the rest of a line goes on to fit its file."""

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        chance = random.Random(seed)
        lines = data.split(b"\n")
        kind = chance.random()
        if kind < 0.25 or not data:
            return atheris.Mutate(data, max_size)
        row = chance.randrange(len(lines))
        if kind < 0.30:
            del lines[row]
        elif kind < 0.35:
            lines.insert(chance.randrange(len(lines) + 1), lines[row])
        else:
            fields = lines[row].split(delimiter)
            place = chance.randrange(len(fields))
            if kind < 0.45:
                other = lines[chance.randrange(len(lines))].split(delimiter)
                fields[place] = chance.choice(other)
            else:
                fields[place] = atheris.Mutate(fields[place], max(1, len(fields[place]) + 40)) or b""
            lines[row] = delimiter.join(fields)
        return b"\n".join(lines)[:max_size]

    return mutate


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
