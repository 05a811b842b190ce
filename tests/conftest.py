"""Fixtures shared by the tests: the real raw files built once, and copies to break."""

import shutil
import subprocess
from pathlib import Path

import matplotlib as mpl
import pytest
from hypothesis import settings

from analysis.paths import RAW

mpl.use("agg")
# A busy machine is no fault; the same examples in every run.
settings.register_profile("patient", deadline=None, derandomize=True, database=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """The tables of the real raw files, built once a worker."""
    from analysis.build import build

    out = tmp_path_factory.mktemp("built") / "processed"
    build(RAW, out)
    return out


@pytest.fixture
def raw_copy(tmp_path) -> Path:
    """A copy of the raw folder that a test may break."""
    copy = tmp_path / "raw"
    shutil.copytree(RAW, copy)
    for path in copy.iterdir():
        path.chmod(0o644)
    return copy


@pytest.fixture
def mount_disk(tmp_path):
    """Mounts a file system of its own that holds no more than it is told, such as "512k"."""
    place = tmp_path / "disk"

    def mount(size):
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("this user may not mount a small disk")
        return place

    yield mount
    if place.is_mount():
        subprocess.run(["umount", str(place)], check=True)
