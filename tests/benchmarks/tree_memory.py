"""Memory of a batch: the peak of the whole process tree, for a few reports and for many."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Sequence
from typing import Any

import psutil

from analysis.paths import PROJECT

_LOOK_SECONDS = 0.25


def run_watched(command: Sequence[str]) -> tuple[float, float, float]:
    """Run a command: peak of its process tree and of its largest process in MiB, and seconds.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak, largest = watch_memory(process)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} ended with {process.returncode}")
    return peak, largest, time.perf_counter() - begun


def watch_memory(process: subprocess.Popen[Any]) -> tuple[float, float]:
    """Most memory of a process and all it has started, in MiB: shared pages once, and resident of the largest."""
    peak = largest = 0.0
    root = psutil.Process(process.pid)
    while process.poll() is None:
        begun, total = time.perf_counter(), 0.0
        for each in [root, *_children(root)]:
            try:
                memory = each.memory_full_info()
            except psutil.Error:
                continue
            total += memory.pss / 2**20
            largest = max(largest, memory.rss / 2**20)
        peak = max(peak, total)
        # Counting shared pages makes the kernel walk all of them: at most a tenth of the time goes into looking.
        threading.Event().wait(max(_LOOK_SECONDS, 9 * (time.perf_counter() - begun)))
    return peak, largest


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []
