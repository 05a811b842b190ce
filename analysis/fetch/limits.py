"""How long a download may wait, how often it may try and how much it may take."""

from __future__ import annotations

from dataclasses import dataclass

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Status codes that mean: ask again later."""


@dataclass(frozen=True)
class Limits:
    """How long to wait, how often to try and how much to take.

    Attributes
    ----------
    connect_seconds, read_seconds : float
        Longest wait for a connection, and between two reads.
    least_bytes : int
        A body of which fewer bytes arrive in `read_seconds` is given up as too slow.
    tries : int
        Most tries for one file.
    whole_tries : int
        How many of them may end in bytes that are not the published file.
    redirects : int
        Most redirects to follow in one try.
    first_wait_seconds, longest_wait_seconds : float
        The wait before the second try is drawn from 0 to the first, doubling with each try up to the longest.
    longest_retry_after_seconds : float
        Most that a server's Retry-After is honoured.
    max_bytes, max_unpacked_bytes : int
        Largest download, and largest sum of the members of an archive.
    passing : frozenset of int
        Status codes that are worth another try.
    """

    connect_seconds: float = 15.0
    read_seconds: float = 60.0
    least_bytes: int = 1024
    tries: int = 6
    whole_tries: int = 2
    redirects: int = 5
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0
    longest_retry_after_seconds: float = 300.0
    max_bytes: int = 4 << 30
    max_unpacked_bytes: int = 16 << 30
    passing: frozenset[int] = PASSING
