"""What is installed: locked by version and hash, nothing else accepted, each licence known, all of it in one bill."""

import csv
import json
import re
import subprocess
import sys
import zipfile
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution

import pytest

from analysis.paths import PROJECT
from requirements.sbom import (
    LICENCES,
    LOCKS,
    SBOM,
    create_sbom,
    list_unreviewed,
    read_licences,
    read_lock,
    stated_licence,
)

GROUPS = list(LOCKS)


def lock_of(group):
    return read_lock(LOCKS[group].read_text(encoding="utf-8"))


@pytest.mark.parametrize("group", GROUPS)
def test_every_locked_package_has_hashes_and_no_line_an_address(group):
    pins = lock_of(group)
    assert len(pins) > 100
    assert [pin.name for pin in pins if not pin.hashes or not pin.parents] == []
    assert not re.search(r"://|^-|@|file:", LOCKS[group].read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    "line",
    [
        "six", "six>=1", "six @ https://example.org/six.whl", "--index-url https://example.org/simple", "-e .",
        "git+https://example.org/six", "--extra-index-url x", "    --hash=md5:" + 32 * "a", "./six.whl", "six==1 --hash=x",
    ],
)  # fmt: skip
def test_a_line_of_another_kind_is_refused(line):
    with pytest.raises(ValueError, match=r"line \d is no locked package"):
        read_lock("six==1.17.0 \\\n    --hash=sha256:" + 64 * "a" + f"\n{line}\n")


def test_each_set_of_packages_holds_the_one_before():
    locked = [{(pin.name, pin.version) for pin in lock_of(group)} for group in GROUPS]
    assert locked[0] < locked[1] < locked[2]


def test_the_makefile_installs_by_hash_and_nothing_besides():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    installs = [
        line for line in makefile.splitlines() if "install" in line and ("$(PIP)" in line or "pip install" in line)
    ]
    assert "--require-hashes --no-deps" in next(line for line in installs if line.startswith("PIP :="))
    (itself,) = [line for line in installs if not line.startswith("PIP :=")]
    assert re.search(r"--no-deps --no-build-isolation --editable \.$", itself)
    assert "\t$(PIP) --requirement requirements/$*.txt" in makefile


@pytest.fixture
def wheel(tmp_path):
    """A package of one line, as a wheel in a folder."""
    about = "Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n"
    files = {
        "planted.py": "RAN = True\n",
        "planted-1.0.dist-info/METADATA": about,
        "planted-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "planted-1.0.dist-info/RECORD": "",
    }
    (tmp_path / "wheels").mkdir()
    path = tmp_path / "wheels" / "planted-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return path


@pytest.mark.parametrize(
    ("pin", "refused"),
    [
        ("planted==1.0 --hash=sha256:{right}", ""),
        ("planted==1.0 --hash=sha256:{wrong}", "DO NOT MATCH THE HASHES"),
        ("planted==1.0", "Hashes are required"),
        ("planted>=1.0 --hash=sha256:{right}", "must have their versions pinned"),
    ],
)
def test_a_package_with_another_hash_or_none_is_not_installed(wheel, tmp_path, pin, refused):
    options = re.search(r"^PIP := \S+ -m pip install (.*)$", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.M)[
        1
    ]
    right = sha256(wheel.read_bytes()).hexdigest()
    (tmp_path / "lock.txt").write_text(pin.format(right=right, wrong=64 * "0") + "\n", encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable, "-m", "pip", "--isolated", "install", *options.split(), "--no-index", "--find-links",
            wheel.parent, "--target", tmp_path / "target", "--requirement", tmp_path / "lock.txt",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert refused in done.stderr
    assert (done.returncode == 0) is (not refused), done.stderr
    assert (tmp_path / "target" / "planted.py").exists() is (not refused)


def test_each_locked_package_has_a_licence_and_no_other_has():
    assert list(list_unreviewed()) == []
    names = [row["name"] for row in csv.DictReader(LICENCES.read_text(encoding="utf-8").splitlines())]
    assert names == sorted({pin.name for pin in lock_of("dev")})


def test_the_licences_are_those_that_the_packages_state():
    rows, compared = read_licences(), 0
    for pin in lock_of("dev"):
        try:
            package = distribution(pin.name)
        except PackageNotFoundError:
            continue  # another system's, or another Python's
        if package.version == pin.version:
            assert (pin.name, stated_licence(package)) == (pin.name, rows[pin.name]["stated"])
            expression = package.metadata.get("License-Expression")
            assert expression in (None, rows[pin.name]["licence"]), pin.name
            compared += 1
    assert compared > 100


def test_the_bill_names_each_locked_package_with_its_licence():
    bill = json.loads(SBOM.read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    named = {(each["name"], each["version"]): each for each in bill["components"]}
    assert named.keys() == {(pin.name, pin.version) for pin in lock_of("dev")}
    licences = read_licences()
    for (name, version), each in named.items():
        assert each["purl"] == f"pkg:pypi/{name}@{version}"
        assert each["licenses"] == [{"expression": licences[name]["licence"]}]
    base = {(pin.name, pin.version) for pin in lock_of("base")}
    assert {key for key, each in named.items() if each["scope"] == "required"} == base
    tree = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
    assert "nbconvert" in {ref.partition("==")[0] for ref in tree["tightrope"]}
    assert {ref.partition("==")[0] for refs in tree.values() for ref in refs} == {
        pin.name for pin in lock_of("dev")
    } - {pin.name for pin in lock_of("dev") if all(parent == "-r" for parent in pin.parents)}
    locks = {each["name"].rpartition(":")[2]: each["value"] for each in bill["metadata"]["properties"]}
    assert locks == {path.name: sha256(path.read_bytes()).hexdigest() for path in LOCKS.values()}
    assert "timestamp" not in bill["metadata"]
    assert "serialNumber" not in bill


def test_the_bill_is_renewed_with_the_lock_and_keeps_to_the_schema():
    pytest.importorskip("cyclonedx", reason="no cyclonedx-python-lib in this environment; tightrope[dev] has it")
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    validator = JsonStrictValidator(SchemaVersion.V1_6)
    written = create_sbom()
    assert written == SBOM.read_text(encoding="utf-8"), "run: make sbom"
    assert written == create_sbom()
    assert validator.validate_str(written) is None
    assert (
        validator.validate_str(written.replace('"pkg:pypi', '"no package').replace('"library"', '"thing"')) is not None
    )
