"""What the status and the headers of an answer say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from requests import Response
from urllib3.exceptions import HTTPError

from analysis.fetch.faults import FinalError, PassingError, SpoiledError
from analysis.fetch.request import Secret
from analysis.fetch.verify import WEB_PAGE, WEB_PAGE_ADVICE


def check_status(response: Response, name: str, passing: frozenset[int], secret: Secret | None) -> None:
    """Accept an answer that brings the file, wholly or from where it broke off.

    Parameters
    ----------
    response : Response
        The answer, its body unread.
    name : str
        The file asked for.
    passing : frozenset of int
        Status codes that are worth another try.
    secret : Secret, optional
        The publisher's token, for what to do when access is refused.

    Raises
    ------
    PassingError
        If another try may bring it, with the wait that the server asks for.
    SpoiledError
        If the bytes already here cannot be continued.
    FinalError
        If the file is refused or not there, or a web page came in its place.
    """
    status, headers = response.status_code, response.headers
    if status in (200, 206):
        if headers.get("Content-Encoding", "identity").strip().lower() not in ("identity", ""):
            raise FinalError("the server sent the file compressed on the way, although asked not to")
        if "html" in headers.get("Content-Type", "").lower() and not name.lower().endswith((".htm", ".html")):
            raise FinalError(WEB_PAGE, WEB_PAGE_ADVICE)
        return
    if status == 416:
        raise SpoiledError("the server has no bytes after those already here")
    if status in passing:
        raise PassingError(f"the server answered {status}", retry_after(headers))
    if status in (401, 403):
        raise FinalError(f"the server refused access ({status})", _token_advice(secret))
    if status in (404, 410):
        raise FinalError(f"the server has no such file ({status})", "check the request, or leave the file out")
    raise FinalError(f"the server answered {status}", _message(response, secret))


def announced_length(headers: Mapping[str, str]) -> int | None:
    """The length of a whole body, where the server announces one.

    Examples
    --------
    >>> announced_length({"Content-Length": "12"}), announced_length({})
    (12, None)
    """
    text = headers.get("Content-Length", "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks to wait; a date is read against the server's own clock.

    Examples
    --------
    >>> retry_after({"Retry-After": "7"})
    7.0
    >>> retry_after({"Retry-After": "Mon, 02 Mar 2026 10:00:30 GMT", "Date": "Mon, 02 Mar 2026 10:00:00 GMT"})
    30.0
    >>> retry_after({"Retry-After": "soon"}) is None
    True
    """
    asked = headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        wait = parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return max(0.0, wait.total_seconds())


def _token_advice(secret: Secret | None) -> str:
    if secret is None:
        return "the publisher does not give this file to everyone"
    if secret.value is None:
        return f"set the environment variable {secret.variable} to your token"
    return f"check that the token in {secret.variable} is valid and may read this file"


def _message(response: Response, secret: Secret | None) -> str:
    """What the server says in JSON of why it refused, in one short line without the token."""
    try:
        answer = json.loads(response.raw.read(4096, decode_content=False))
        message = " ".join(str(answer.get("message") or "").split())
    except (ValueError, AttributeError, HTTPError, OSError):
        return ""
    if secret is not None and secret.value:
        message = message.replace(secret.value, "...")
    return f"it says: {message[:200]}" if message.isprintable() and message else ""
