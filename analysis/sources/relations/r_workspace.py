"""A saved workspace of R (RData): its data frames as columns of text, or an error that names the file."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pyarrow as pa

from analysis.errors import TightropeError
from analysis.sources import packed
from analysis.sources.relations.delimited import NULLS

_MARKS = (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n")
# R stores some vectors as the rule that makes them; so many bytes are taken by one value that is made.
_BYTES_OF_ONE = {b"compact_intseq": 8, b"compact_realseq": 8, b"deferred_string": 512}


def is_workspace(data: bytes) -> bool:
    r"""Whether these bytes, unpacked, begin like a workspace.

    Examples
    --------
    >>> is_workspace(b"RDX3..."), is_workspace(b"RDX3\nX")
    (False, True)
    """
    return data.startswith(_MARKS)


def read_frames(name: str, data: bytes) -> dict[str, pd.DataFrame]:
    """The data frames of a workspace by their names; other objects are left out.

    Parameters
    ----------
    name : str
        File name.
    data : bytes
        Its unpacked content.

    Raises
    ------
    TightropeError
        The workspace is broken, or its sequences expand beyond what is held in memory.
    """
    # Only who reads RData waits for this import.
    import rdata

    try:
        with warnings.catch_warnings():
            # Of objects that are no frame, or of names in an encoding that is not told: what matters is missed by name.
            warnings.simplefilter("ignore")
            parsed = rdata.parser.parse_data(
                data, extension=".rda", altrep_constructor_dict=_bounded(rdata.parser.DEFAULT_ALTREP_MAP)
            )
            objects = rdata.conversion.convert(parsed)
    # The library promises nothing of broken bytes: a dozen kinds of error, down to failed assertions.
    except Exception as error:
        raise TightropeError(
            f"{name}: is no workspace of R that can be read: {error or type(error).__name__}"
        ) from error
    return {key: value for key, value in objects.items() if isinstance(value, pd.DataFrame)}


def as_texts(values: pd.Series) -> pa.Array:
    """A column of a frame as text; what is missing is null."""
    if pd.api.types.is_numeric_dtype(values):
        plain = values.to_numpy(dtype="float64", na_value=float("nan"))
        return pa.array(plain, from_pandas=True).cast(pa.string())
    texts = values.astype("str")
    return pa.array(texts.where(~texts.isin(NULLS)), type=pa.string(), from_pandas=True)


def _bounded(expanders: Mapping[bytes, Callable[[Any], Any]]) -> dict[bytes, Callable[[Any], Any]]:
    """The same expanders as long as what they make fits in the limit together."""
    left = packed.MAX_HELD_BYTES

    def bound(kind: bytes, expand: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def expand_within(state: Any) -> Any:
            nonlocal left
            count = len(state.value[0].value) if kind == b"deferred_string" else int(state.value[0])
            left -= _BYTES_OF_ONE[kind] * max(0, count)
            if left < 0:
                raise packed.UnreadableFileError(
                    f"its sequences expand beyond the limit of {packed.MAX_HELD_BYTES:,} bytes"
                )
            return expand(state)

        return expand_within

    return {kind: bound(kind, expand) if kind in _BYTES_OF_ONE else expand for kind, expand in expanders.items()}
