"""What can go wrong on the way to a file, by what it calls for: another try, a fresh start, or giving up."""

from __future__ import annotations

from analysis.errors import TightropeError


class FetchError(TightropeError):
    """A file that could not be fetched; names it, what was tried and what to do.

    Parameters
    ----------
    name : str
        The file.
    reason : str
        What went wrong at the last try.
    advice : str, optional
        What the user can do.
    tries : int, optional
        How many tries were made.

    Examples
    --------
    >>> print(FetchError("a.zip", "the server answered 503", "try again later", tries=6))
    a.zip: the server answered 503 (6 tries); try again later
    """

    def __init__(self, name: str, reason: str, advice: str = "", *, tries: int = 1) -> None:
        tried = f" ({tries} tries)" if tries > 1 else ""
        super().__init__(f"{name}: {reason}{tried}" + (f"; {advice}" if advice else ""))
        self.name, self.reason, self.advice, self.tries = name, reason, advice, tries


class PassingError(Exception):
    """A fault that may pass: the next try continues where this one ended.

    Parameters
    ----------
    reason : str
        What happened.
    retry_after : float, optional
        Seconds the server asked to wait.
    """

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason, self.retry_after = reason, retry_after


class SpoiledError(PassingError):
    """Bytes that are not the published file: the next try starts from nothing."""


class FinalError(Exception):
    """A fault that another try would meet again.

    Parameters
    ----------
    reason : str
        What happened.
    advice : str, optional
        What the user can do.
    """

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(reason)
        self.reason, self.advice = reason, advice
