"""Where the cleaning of large event files runs: DuckDB on this machine, or a Spark cluster; the same expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.engine.duck import DuckDBEngine
from analysis.engine.parts import Batch, BatchResult, Engine
from analysis.errors import TightropeError

DEFAULT_MEMORY_LIMIT = "1GB"
_CLUSTER = re.compile(r"spark://(local|[^\s/:]+:[0-9]{1,5})")
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
    check_engine(engine, memory_limit)
    if spill is not None:
        try:
            spill.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TightropeError(f"cannot spill to {str(spill)!r}: {error.strerror}") from error
    if engine == "duckdb":
        with explain_memory():
            return DuckDBEngine(memory_limit, spill)
    from analysis.engine.spark import SparkEngine

    return SparkEngine(engine, memory_limit, spill)


def check_engine(engine: str, memory_limit: str = DEFAULT_MEMORY_LIMIT) -> None:
    """Check an engine's name and its limit of memory without opening it.

    Raises
    ------
    TightropeError
        If there is no such engine, or the limit is no size.

    Examples
    --------
    >>> check_engine("duckdb", "much")
    Traceback (most recent call last):
        ...
    analysis.errors.TightropeError: memory limit 'much' is no size; write a whole number of MB or GB, as 500MB or 2GB
    """
    if engine != "duckdb" and not _CLUSTER.fullmatch(engine):
        raise TightropeError(f"unknown engine {engine!r}; accepted: duckdb, or a cluster as spark://host:port")
    if not _SIZE.fullmatch(memory_limit):
        raise TightropeError(
            f"memory limit {memory_limit!r} is no size; write a whole number of MB or GB, as 500MB or 2GB"
        )


@contextmanager
def explain_memory() -> Iterator[None]:
    """Turn DuckDB's own error of memory into one that a user can act on.

    Raises
    ------
    TightropeError
        If the limit of memory is too small.
    """
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise TightropeError(
            "the memory limit is too small for these files; give more, as --memory-limit 1GB"
        ) from error


__all__ = ["DEFAULT_MEMORY_LIMIT", "Batch", "BatchResult", "Engine", "check_engine", "connect", "explain_memory"]
