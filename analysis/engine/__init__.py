"""Where the cleaning of large event files runs: DuckDB on this machine, or a Spark cluster; the same expressions."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.engine.duck import DuckDBEngine
from analysis.engine.parts import Batch, BatchResult, Engine
from analysis.errors import TightropeError

DEFAULT_MEMORY_LIMIT = "1GB"
_SIZE = re.compile(r"[1-9][0-9]{0,5} ?[KMGT]B", re.IGNORECASE | re.ASCII)


def connect(engine: str = "duckdb", *, memory_limit: str = DEFAULT_MEMORY_LIMIT, spill: Path | None = None) -> Engine:
    """An engine by its name.

    Parameters
    ----------
    engine : str
        ``"duckdb"``, or a cluster's address such as ``"spark://host:7077"``; ``"spark://local"``
        is Spark within this process.
    memory_limit : str
        Most memory that DuckDB, or each Spark executor, may use: a whole number of KB, MB, GB or TB.
    spill : Path, optional
        Folder for what does not fit in memory.

    Raises
    ------
    TightropeError
        If there is no such engine, the limit is none, the folder cannot be made, or Spark is not installed.
    """
    if not _SIZE.fullmatch(memory_limit):
        raise TightropeError(
            f"memory limit {memory_limit!r} is no size; write a whole number of MB or GB, as 500MB or 2GB"
        )
    if spill is not None:
        try:
            spill.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TightropeError(f"cannot spill to {str(spill)!r}: {error.strerror}") from error
    if engine == "duckdb":
        return DuckDBEngine(memory_limit, spill)
    if engine.startswith("spark://"):
        from analysis.engine.spark import SparkEngine

        return SparkEngine(engine, memory_limit, spill)
    raise TightropeError(f"unknown engine {engine!r}; accepted: duckdb, or a cluster as spark://host:port")


__all__ = ["DEFAULT_MEMORY_LIMIT", "Batch", "BatchResult", "Engine", "connect"]
