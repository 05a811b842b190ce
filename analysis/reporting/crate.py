"""The manifest once more as an RO-Crate, so that a reviewer's tools understand what made the report of what."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

from analysis.paths import MANIFEST_JSON
from analysis.reporting.parameters import AS_OF
from analysis.sources.catalogue import sha256_of

CRATE_JSON = "ro-crate-metadata.json"
_VERSION = "1.2"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_LICENCES = "https://spdx.org/licenses/"
_REPORT_LICENCE = "CC-BY-4.0"
_FORMATS = {
    "csv": "text/csv", "html": "text/html", "ipynb": "application/x-ipynb+json", "json": "application/json",
    "pdf": "application/pdf", "svg": "image/svg+xml",
}  # fmt: skip


def create_crate(folder: Path, manifest: Mapping[str, Any]) -> str:
    """The RO-Crate metadata of a report, as JSON; nothing in it comes from the clock.

    The report is a data set whose files are the results of one action: the notebook is its instrument, the raw files
    and the parameters its objects, this package and its libraries the software it required.

    Parameters
    ----------
    folder : Path
        The folder of the report, with its manifest.
    manifest : mapping
        The manifest.
    """
    from rocrate.model.contextentity import ContextEntity
    from rocrate.model.data_entity import DataEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version=_VERSION)

    def add(identifier: str, kind: str | list[str], **properties: Any) -> Any:
        return crate.add(ContextEntity(crate, identifier, properties={"@type": kind, **properties}))

    package = metadata("tightrope")
    author = add("#author", "Organization", name=str(package["Author"]))
    add(_PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    add(_LICENCES + _REPORT_LICENCE, "CreativeWork", name=_REPORT_LICENCE)
    outputs = {**manifest["outputs"], MANIFEST_JSON: sha256_of(folder / MANIFEST_JSON)}
    results = [
        crate.add(
            DataEntity(
                crate,
                name,
                properties={
                    "@type": "File", "name": name, "sha256": digest, **_measure(folder / name),
                    "encodingFormat": _FORMATS.get(name.rpartition(".")[2], "application/octet-stream"),
                },
            )
        )
        for name, digest in sorted(outputs.items())
    ]  # fmt: skip
    libraries = [
        add(f"#{name}", "SoftwareApplication", name=name, softwareVersion=number)
        for name, number in sorted(manifest["versions"].items())
    ]
    instruments = [
        add(
            f"#notebooks/{name}", ["SoftwareSourceCode", "CreativeWork"], name=name, sha256=digest, author=author,
            programmingLanguage="Python", softwareRequirements=libraries, license=_LICENCES + "MIT",
        )
        for name, digest in sorted(manifest["inputs"]["notebook"].items())
    ]  # fmt: skip
    sources = manifest["inputs"].get("sources", {})
    objects = [
        add(f"#inputs/{name}", "CreativeWork", name=name, sha256=digest, **_describe(sources.get(name)))
        for name, digest in sorted(_input_files(manifest["inputs"]).items())
    ]
    objects += [
        add(f"#parameters/{name}", "PropertyValue", name=name, value=_plain(value))
        for name, value in sorted(manifest["parameters"].items())
    ]
    action = add(
        "#run", "CreateAction", name=f"The run that made {manifest['name']}", agent=author, instrument=instruments,
        object=objects, result=results,
    )  # fmt: skip
    as_of = manifest["parameters"][AS_OF]
    root = crate.root_dataset
    for name, value in {
        "name": manifest["title"], "description": f"Report {manifest['name']} as of {as_of}.", "datePublished": as_of,
        "inLanguage": manifest["language"], "license": {"@id": _LICENCES + _REPORT_LICENCE}, "author": author,
        "conformsTo": {"@id": _PROFILE}, "mentions": action, "mainEntity": crate.dereference("briefing.html"),
    }.items():  # fmt: skip
        root[name] = value
    written = crate.metadata.generate()
    written["@graph"].sort(key=lambda entity: entity["@id"])
    return json.dumps(written, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def find_crate_fault(folder: Path, manifest: Mapping[str, Any]) -> str:
    """What is wrong with the RO-Crate of a report, held against its manifest; empty if nothing is.

    Parameters
    ----------
    folder : Path
        The folder of the report.
    manifest : mapping
        Its manifest.
    """
    if not (folder / CRATE_JSON).is_file():
        return "missing"
    gone = {name for name in manifest["outputs"] if not (folder / name).is_file()}
    try:
        written = json.loads((folder / CRATE_JSON).read_text(encoding="utf-8"))
        is_same = _leave_out_sizes(written, gone) == _leave_out_sizes(json.loads(create_crate(folder, manifest)), gone)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        is_same = False
    return "" if is_same else "not what the manifest says"


def _leave_out_sizes(crate: Mapping[str, Any], gone: Collection[str]) -> dict[str, Any]:
    """The crate without the sizes of files that are gone, which nobody can tell any more."""
    return {
        **crate,
        "@graph": [
            {key: value for key, value in entity.items() if key != "contentSize" or entity.get("@id") not in gone}
            for entity in crate["@graph"]
        ],
    }


def _measure(path: Path) -> dict[str, str]:
    return {"contentSize": str(path.stat().st_size)} if path.is_file() else {}


def _input_files(inputs: Mapping[str, Any]) -> dict[str, str]:
    return {**inputs["files"], **inputs.get("archive", {}).get("files", {})}


def _describe(said: Mapping[str, str] | None) -> dict[str, str]:
    if said is None:
        return {}
    return {"citation": said["citation"], "license": _LICENCES + said["licence"], "dateAccessed": said["accessed"]}


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
