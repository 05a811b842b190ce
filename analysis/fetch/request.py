"""One request over http or https: redirects followed by rules of ours, secrets kept to the host they are meant for."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests import PreparedRequest, Response, Session
from urllib3.exceptions import NameResolutionError

from analysis.fetch.faults import FinalError, PassingError

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Secret:
    """A token that one publisher asks for in a header; its value is never shown.

    Attributes
    ----------
    variable : str
        Environment variable it comes from.
    header : str
        Header it is sent in.
    value : str, optional
        The token; None if the variable is not set.
    """

    variable: str
    header: str
    value: str | None = field(default=None, repr=False)


class _PlainSession(Session):
    """A session that leaves redirects alone."""

    def resolve_redirects(self, *args: Any, **kwargs: Any) -> Generator[Response, None, None]:
        """Nothing: requests would read the whole body of a redirect, however long, and stumble over a bad address."""
        yield from ()


def open_session() -> Session:
    """A session that asks for plain bytes, keeps no cookies, and takes no password from a netrc file."""
    session = _PlainSession()
    session.headers["User-Agent"] = "tightrope (research; event data)"
    # A body that arrives compressed would have another length and checksum than the published ones.
    session.headers["Accept-Encoding"] = "identity"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # With no auth of its own, requests would look for a password in the user's netrc file.
    session.auth = _keep_as_is
    return session


def open_response(
    session: Session,
    url: str,
    headers: Mapping[str, str],
    *,
    secret: Secret | None,
    timeout: tuple[float, float],
    max_redirects: int,
) -> Response:
    """Send a GET request and follow its redirects; the body is not read yet.

    Parameters
    ----------
    session : Session
        From :func:`open_session`.
    url : str
        http or https.
    headers : mapping
        Headers for every hop.
    secret : Secret, optional
        Sent to the host of `url` alone, and over http only on this machine.
    timeout : tuple of float
        Seconds to connect, and seconds between two reads.
    max_redirects : int
        Most redirects to follow.

    Raises
    ------
    PassingError
        If there is no answer in time or the connection breaks.
    FinalError
        If a redirect is not acceptable, or a certificate does not verify.
    """
    has_secret = secret is not None and secret.value is not None
    for _ in range(max_redirects + 1):
        sent = dict(headers)
        if secret is not None and secret.value is not None and has_secret:
            _refuse_in_the_clear(url, secret)
            sent[secret.header] = secret.value
        try:
            response = session.get(url, headers=sent, stream=True, allow_redirects=False, timeout=timeout)
        except requests.RequestException as error:
            raise _fault(error, url, timeout) from error
        if not response.is_redirect:
            return response
        response.close()
        following = next_hop(url, session.get_redirect_target(response) or "")
        has_secret = has_secret and _origin(following) == _origin(url)
        url = following
    raise FinalError(
        f"the server redirected more than {max_redirects} times",
        "open the address in a browser; if it loads there, try again later",
    )


def next_hop(url: str, location: str) -> str:
    """The address that a redirect leads to, if it may be followed.

    Raises
    ------
    FinalError
        If it leaves http and https, goes from https back to http, or holds a user name.

    Examples
    --------
    >>> next_hop("https://a.org/x/1", "../y")
    'https://a.org/y'
    >>> next_hop("https://a.org/x", "http://a.org/x")
    Traceback (most recent call last):
        ...
    analysis.fetch.faults.FinalError: the server redirected from https to http on a.org
    """
    try:
        following = urljoin(url, location)
        before, after = urlsplit(url), urlsplit(following)
        host, _ = after.hostname, after.port
    except ValueError:
        raise FinalError("the server redirected to an address that is not one") from None
    if after.scheme not in ("http", "https") or not host:
        raise FinalError(f"the server redirected to {after.scheme or 'no scheme'}, which is neither http nor https")
    if before.scheme == "https" and after.scheme == "http":
        raise FinalError(f"the server redirected from https to http on {host}", "nothing was sent there")
    if "@" in after.netloc:
        raise FinalError(f"the server redirected to {host} with a user name in the address")
    return following


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _refuse_in_the_clear(url: str, secret: Secret) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise FinalError(
            f"the token in {secret.variable} would travel unencrypted to {parts.hostname}",
            f"give an https address, or unset {secret.variable}",
        )


def _fault(error: requests.RequestException, url: str, timeout: tuple[float, float]) -> PassingError | FinalError:
    # The text of the error is not passed on: it holds addresses, and those of storage are signed.
    host = urlsplit(url).hostname
    if isinstance(error, requests.exceptions.SSLError):
        return FinalError(f"the certificate of {host} could not be verified", "check the clock and the network")
    if isinstance(error, requests.ConnectTimeout):
        return PassingError(f"no connection to {host} within {timeout[0]:g} s")
    if isinstance(error, requests.Timeout):
        return PassingError(f"no answer from {host} within {timeout[1]:g} s")
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        cause = getattr(error.args[0], "reason", None) if error.args else None
        if isinstance(cause, NameResolutionError):
            return PassingError(f"the host name {host} could not be resolved")
        return PassingError(f"the connection to {host} failed or was cut")
    return FinalError(f"the request to {host} could not be made ({type(error).__name__})")


def _keep_as_is(request: PreparedRequest) -> PreparedRequest:
    return request
