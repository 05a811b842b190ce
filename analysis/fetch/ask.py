"""What each publisher offers: its list is downloaded, then planned."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from analysis.errors import TightropeError
from analysis.fetch import dataverse, gdelt, ucdp
from analysis.fetch.remote import Plan, RemoteFile, accept_base
from analysis.fetch.request import Secret
from analysis.fetch.transport import Transport

# The options that each source takes; any other one is an error rather than ignored.
SOURCES = {
    "gdelt1": {"start", "end"},
    "gdelt2": {"start", "end", "translingual"},
    "ucdp": {"version", "start", "end"},
    "icews": {"version", "only", "form"},
    "polecat": {"version", "only", "form"},
    "dataverse": {"doi", "version", "only", "form"},
    "acled": set[str](),
}


def ask_gdelt(
    source: str, transport: Transport, scratch: Path, base: str | None, days: tuple[date, date], translingual: bool
) -> Plan:
    """GDELT's event files of a range of days, from its own lists.

    Raises
    ------
    FetchError
        If a list could not be fetched.
    """
    base = accept_base(base or gdelt.BASE)
    lists = [gdelt.MD5_LIST, gdelt.SIZE_LIST] if source == "gdelt1" else [gdelt.MASTER_LIST]
    lists += [gdelt.TRANSLINGUAL_LIST] if translingual else []
    with ExitStack() as stack:
        files = []
        for path in lists:
            listing = RemoteFile(path.rsplit("/", 1)[-1], f"{base}/{path}")
            transport.download(listing, scratch)
            # The lists are ASCII; a byte that is not makes its line malformed rather than the list unreadable.
            text = (scratch / listing.name).open(encoding="ascii", errors="replace")
            files.append(stack.enter_context(text))
        if source == "gdelt1":
            return gdelt.plan_gdelt1(files[0], files[1], *days, base=base)
        return gdelt.plan_gdelt2((line for file in files for line in file), *days, base=base)


def ask_dataverse(
    transport: Transport, scratch: Path, base: str | None, doi: str, version: str | None, form: str, only: str | None
) -> Plan:
    """The files of a dataset, from the native API of its Dataverse.

    Raises
    ------
    FetchError
        If the answer could not be fetched.
    TightropeError
        If it does not list a dataset version.
    """
    base = accept_base(base or dataverse.BASE)
    listing = RemoteFile("listing.json", dataverse.listing_url(base, doi, version))
    transport.download(listing, scratch)
    try:
        answer = json.loads((scratch / listing.name).read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise TightropeError(f"{doi}: the answer of {base} is not JSON; check --base") from error
    return dataverse.plan_dataverse(answer, doi, base=base, form=form, only=only)


def read_secret(source: str) -> Secret | None:
    """The token of a source's publisher from the environment; None if it asks for none.

    Raises
    ------
    TightropeError
        If the variable holds something that cannot be a token.
    """
    if source.startswith("gdelt"):
        return None
    publisher = ucdp if source == "ucdp" else dataverse
    value = os.environ.get(publisher.TOKEN_VARIABLE, "").strip() or None
    if value is not None and not (value.isascii() and value.isprintable()):
        raise TightropeError(f"the token in {publisher.TOKEN_VARIABLE} holds characters that no token has")
    return Secret(publisher.TOKEN_VARIABLE, publisher.TOKEN_HEADER, value)


def acled_by_hand(home: Path) -> str:
    """How to export ACLED's data by hand, and where to put the file."""
    return (
        "ACLED gives its data only to people with an account of their own, so it is exported by hand: sign in at "
        "https://acleddata.com, open the Data Export Tool, choose countries and days, export as CSV with the standard "
        f"columns, and put the file into {str(home)!r}; its terms do not allow passing the data on"
    )
