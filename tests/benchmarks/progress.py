"""What a long measurement says of itself while it runs, so that whoever waits knows how far it is."""

from __future__ import annotations

import sys
import time

_BEGUN = time.monotonic()


def tell(text: str) -> None:
    """One line on standard error, with the minutes and seconds since the beginning."""
    minutes, seconds = divmod(int(time.monotonic() - _BEGUN), 60)
    print(f"{minutes:3}:{seconds:02} {text}", file=sys.stderr, flush=True)
