"""Which files a Dataverse dataset holds, read from the answer of its native API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote

from analysis.errors import TightropeError, UnknownNameError
from analysis.fetch.remote import Plan, Refusal, RemoteFile, accept_name

BASE = "https://dataverse.harvard.edu"
TOKEN_VARIABLE = "DATAVERSE_API_TOKEN"
TOKEN_HEADER = "X-Dataverse-key"
DATASETS = {"icews": "doi:10.7910/DVN/28075", "polecat": "doi:10.7910/DVN/AJGVIT"}
FORMS = ("original", "archival")

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/[A-Za-z0-9][A-Za-z0-9._/-]{0,99})", re.IGNORECASE)
_VERSION = re.compile(r":latest-published|\d{1,4}(\.\d{1,4})?")
# The names under which Dataverse publishes checksums, and hashlib's.
_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-512": "sha512"}


def accept_doi(doi: str | None) -> str:
    """A DOI in the form that a Dataverse asks for.

    Raises
    ------
    TightropeError
        If it is missing or not a DOI.

    Examples
    --------
    >>> accept_doi("https://doi.org/10.7910/DVN/28075")
    'doi:10.7910/DVN/28075'
    """
    match = _DOI.fullmatch((doi or "").strip())
    if not match or ".." in match[1] or "//" in match[1]:
        given = "is missing" if doi is None else f"{doi[:80]!r} is not a DOI"
        raise TightropeError(f"--doi {given}; write it as doi:10.7910/DVN/28075")
    return f"doi:{match[1]}"


def listing_url(base: str, doi: str, version: str | None = None) -> str:
    """Where a Dataverse lists the files of one version of a dataset, the latest published one by default.

    Raises
    ------
    TightropeError
        If the version is not a number such as 27 or 27.1.

    Examples
    --------
    >>> listing_url("https://dataverse.harvard.edu", "doi:10.7910/DVN/28075", "27.0")
    'https://dataverse.harvard.edu/api/datasets/:persistentId/versions/27.0?persistentId=doi%3A10.7910%2FDVN%2F28075'
    """
    version = version or ":latest-published"
    if not _VERSION.fullmatch(version):
        raise TightropeError(f"--version {version[:40]!r} is not a version of a dataset; write it as 27 or 27.1")
    return f"{base}/api/datasets/:persistentId/versions/{version}?persistentId={quote(doi, safe='')}"


def plan_dataverse(answer: Any, doi: str, *, base: str = BASE, form: str = "original", only: str | None = None) -> Plan:
    """The files of a dataset version.

    A table that Dataverse has ingested exists in two forms: the original as it was uploaded (``format=original``),
    and an archival tab-separated copy that the server makes. The published checksum is that of the original, so the
    original is the default. Some older entries publish the checksum of the copy instead; those verify only with
    ``form="archival"``, and the failure says so.

    Parameters
    ----------
    answer : object
        The decoded JSON of :func:`listing_url`.
    doi : str
        The dataset, from :func:`accept_doi`.
    base : str, optional
        Address of the Dataverse.
    form : {"original", "archival"}, optional
        Which form of an ingested table to fetch.
    only : str, optional
        Pattern of file names to keep, for example ``"events.*"``.

    Returns
    -------
    Plan
        One file per listed file, by name; restricted files are fetched too, if the token allows it.

    Raises
    ------
    TightropeError
        If the answer is not a dataset version.
    """
    if form not in FORMS:
        raise UnknownNameError("form", form, FORMS)
    version = answer.get("data") if isinstance(answer, Mapping) else None
    listed = version.get("files") if isinstance(version, Mapping) else None
    if not isinstance(version, Mapping) or not isinstance(listed, list):
        raise TightropeError(f"{doi}: the answer of {base} is not the list of files of a dataset version")
    files: dict[str, RemoteFile] = {}
    refused: dict[str, Refusal] = {}
    ingested = 0
    for entry in listed:
        label = str(entry.get("label", "")) if isinstance(entry, Mapping) else ""
        try:
            remote, is_ingested = _remote_file(entry, base, form)
        except TightropeError as error:
            if only is None or fnmatchcase(label, only):
                refused[label] = Refusal(label[:80] or "a file without label", str(error))
            continue
        if only is not None and not fnmatchcase(remote.name, only) and not fnmatchcase(label, only):
            continue
        # Some file systems take a.tab and A.tab for one file.
        known = files.setdefault(remote.name.casefold(), remote)
        if known != remote and known.checksum != remote.checksum:
            reason = f"two files of the dataset have this name; fetch the other one by hand from {_page(doi)}"
            refused[remote.name] = Refusal(remote.name, reason)
        ingested += is_ingested and known == remote
    notes = []
    if ingested:
        kind = (
            "as they were uploaded (original)"
            if form == "original"
            else "in the server's tab-separated form (archival)"
        )
        notes.append(f"tables that Dataverse has ingested: {ingested}, fetched {kind}")
    if not files and not refused:
        notes.append(f"{doi} holds no file" + (f" named like {only!r}" if only else ""))
    ordered = tuple(sorted(files.values(), key=lambda remote: remote.name))
    return Plan(ordered, _citation(version, doi), _licence(version, doi), tuple(refused.values()), tuple(notes))


def _remote_file(entry: Any, base: str, form: str) -> tuple[RemoteFile, bool]:
    data = entry.get("dataFile") if isinstance(entry, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(data.get("id"), int):
        raise TightropeError("the answer of the server gives no number for this file")
    is_ingested = bool(data.get("originalFileFormat"))
    takes_original = is_ingested and form == "original"
    name = str(data.get("originalFileName") or "") if takes_original else ""
    size = data.get("originalFileSize") if takes_original else data.get("filesize")
    url, advice = f"{base}/api/access/datafile/{data['id']}", ""
    if takes_original:
        url += "?format=original"
        advice = "its checksum may be that of the server's own tab-separated copy: try --form archival"
    elif is_ingested:
        advice = "its checksum is likely that of the uploaded original: try --form original"
    return RemoteFile(
        name=accept_name(name or str(entry.get("label") or data.get("filename") or "")),
        url=url,
        size=size if isinstance(size, int) and size >= 0 else None,
        checksum=_checksum(data),
        advice=advice,
    ), is_ingested


def _checksum(data: Mapping[str, Any]) -> str | None:
    published = data.get("checksum")
    if not isinstance(published, Mapping):
        published = {}
    kind, value = published.get("type", "MD5"), published.get("value") or data.get("md5")
    if not value:
        return None
    if kind not in _ALGORITHMS:
        raise TightropeError(f"its checksum is of the unknown kind {str(kind)[:20]!r}; known: {', '.join(_ALGORITHMS)}")
    return f"{_ALGORITHMS[kind]}:{str(value).lower()}"


def _citation(version: Mapping[str, Any], doi: str) -> str:
    block = version.get("metadataBlocks", {}).get("citation", {}).get("fields", [])
    values = {field.get("typeName"): field.get("value") for field in block if isinstance(field, Mapping)}
    names = [author.get("authorName", {}).get("value") for author in values.get("author") or []]
    authors = "; ".join(str(name) for name in names if name)
    year = str(version.get("publicationDate") or version.get("releaseTime") or "")[:4]
    head = " ".join(part for part in (authors, f"({year})." if year else "", str(values.get("title") or "")) if part)
    number = version.get("versionNumber")
    edition = "" if number is None else f", V{number}.{version.get('versionMinorNumber', 0)}"
    return f"{head}{'. ' if head else ''}{_page(doi)}{edition}"


def _licence(version: Mapping[str, Any], doi: str) -> str:
    licence = version.get("license")
    name = licence.get("name") if isinstance(licence, Mapping) else licence
    terms = " ".join(str(version.get("termsOfUse") or "").split())
    if name and str(name) != "NONE":
        return str(name)
    return terms[:300] if terms else f"see the terms at {_page(doi)}"


def _page(doi: str) -> str:
    return f"https://doi.org/{doi.removeprefix('doi:')}"
