"""The bill of materials: every locked package with its version, licence and place in the tree, as CycloneDX.

Run by ``make sbom``. What a package states of its licence is read from its own metadata; which SPDX expression that
means is a reviewed row of ``licences.csv``, decided by the licence that it carries where the statement says little.
Nothing hangs on the clock or on what is installed: the same lock and the same table give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

HERE = Path(__file__).parent
LOCKS = {"base": HERE / "base.txt", "lab": HERE / "lab.txt", "dev": HERE / "dev.txt"}
"""The sets of locked packages, each held by the next."""
LICENCES, SBOM = HERE / "licences.csv", HERE / "sbom.cdx.json"
_PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\]+?))?(?: \\)?")
_HASH = re.compile(r"    --hash=sha256:(?P<digest>[0-9a-f]{64})(?: \\)?")
_VIA = re.compile(r"    #(?: via)?(?P<parent> +\S.*)?")


@dataclass
class Pin:
    """One locked package: what is installed where its marker holds, and which packages ask for it."""

    name: str
    version: str
    marker: str = ""
    hashes: list[str] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)


def read_lock(text: str) -> list[Pin]:
    r"""The packages of a lock.

    Raises
    ------
    ValueError
        If a line is anything else than a package with its version, a hash of it, or who asks for it.

    Examples
    --------
    >>> (pin,) = read_lock("six==1.17.0 \\\n    --hash=sha256:" + 64 * "a" + "\n    # via python-dateutil\n")
    >>> pin.name, pin.version, len(pin.hashes), pin.parents
    ('six', '1.17.0', 1, ['python-dateutil'])
    >>> read_lock("six @ https://example.org/six.whl\n")
    Traceback (most recent call last):
    ...
    ValueError: line 1 is no locked package: 'six @ https://example.org/six.whl'
    """
    pins: list[Pin] = []
    for number, line in enumerate(text.splitlines(), 1):
        if match := _PIN.fullmatch(line):
            pins.append(Pin(match["name"], match["version"], match["marker"] or ""))
        elif pins and (match := _HASH.fullmatch(line)):
            pins[-1].hashes.append(match["digest"])
        elif pins and (match := _VIA.fullmatch(line)):
            pins[-1].parents += [match["parent"].split()[0]] if match["parent"] else []
        else:
            raise ValueError(f"line {number} is no locked package: {line!r}")
    return pins


def read_licences() -> dict[str, dict[str, str]]:
    """The reviewed rows by package: ``licence``, an SPDX expression, and ``stated``, what the package says itself."""
    with LICENCES.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def stated_licence(package: Distribution) -> str:
    """What a package's metadata say of its licence: an expression, a line, or the names of classifiers."""
    about = package.metadata
    lines = (about.get("License-Expression") or about.get("License") or "").strip().splitlines()
    if lines and lines[0] != "UNKNOWN":
        return lines[0].strip()[:80]
    kinds = about.get_all("Classifier") or []
    return "; ".join(kind.rpartition(" :: ")[2] for kind in kinds if kind.startswith("License ::"))


def list_unreviewed() -> Iterator[str]:
    """Each locked package whose licence has no reviewed row, and each row without a package."""
    licences, locked = read_licences(), {pin.name for pin in read_lock(LOCKS["dev"].read_text(encoding="utf-8"))}
    for name in sorted(locked - licences.keys()):
        try:
            stated = stated_licence(distribution(name))
        except PackageNotFoundError:
            stated = "not installed here"
        yield f"{name}: add a row to {LICENCES.name}; the package states: {stated}"
    for name in sorted(licences.keys() - locked):
        yield f"{name}: is locked no more; remove its row from {LICENCES.name}"


def create_sbom() -> str:
    """The bill of materials as JSON."""
    from cyclonedx.model import Property
    from cyclonedx.model.bom import Bom
    from cyclonedx.model.component import Component, ComponentScope, ComponentType
    from cyclonedx.model.license import LicenseExpression
    from cyclonedx.output.json import JsonV1Dot6
    from packageurl import PackageURL

    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    licences = read_licences()
    groups = {name: {_key(pin) for pin in read_lock(path.read_text(encoding="utf-8"))} for name, path in LOCKS.items()}
    root = Component(
        name=project["name"], version=project["version"], type=ComponentType.APPLICATION, bom_ref=project["name"],
        licenses=[LicenseExpression(project["license"])],
    )  # fmt: skip
    pins = read_lock(LOCKS["dev"].read_text(encoding="utf-8"))
    components: dict[str, list[Component]] = {project["name"]: [root]}
    for pin in pins:
        group = next(name for name, held in groups.items() if _key(pin) in held)
        notes = {"tightrope:requirements": group, "tightrope:marker": pin.marker}
        components.setdefault(pin.name, []).append(
            Component(
                name=pin.name, version=pin.version, type=ComponentType.LIBRARY, bom_ref=f"{pin.name}=={pin.version}",
                purl=PackageURL("pypi", None, pin.name, pin.version),
                licenses=[LicenseExpression(licences[pin.name]["licence"])],
                scope=ComponentScope.REQUIRED if group == "base" else ComponentScope.OPTIONAL,
                properties=[Property(name=name, value=value) for name, value in notes.items() if value],
            )
        )  # fmt: skip
    bom = Bom(components=[each for name, found in components.items() if name != project["name"] for each in found])
    bom.metadata.component = root
    bom.metadata.properties.update(
        Property(name=f"tightrope:sha256:{path.name}", value=hashlib.sha256(path.read_bytes()).hexdigest())
        for path in LOCKS.values()
    )
    for name, found in components.items():
        asked = [pin for pin in pins if name in pin.parents]
        for each in found:
            bom.register_dependency(each, [one for pin in asked for one in components[pin.name]])
    written = json.loads(JsonV1Dot6(bom).output_as_string())
    del written["serialNumber"], written["metadata"]["timestamp"]  # the one is drawn at random, the other the clock's
    return json.dumps(written, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _key(pin: Pin) -> tuple[str, str]:
    return pin.name, pin.version


if __name__ == "__main__":
    if unreviewed := list(list_unreviewed()):
        raise SystemExit("\n".join(unreviewed))
    SBOM.write_text(create_sbom(), encoding="utf-8")
    print(f"wrote {SBOM.relative_to(HERE.parent)}")
