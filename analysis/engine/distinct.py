"""Columns as their distinct values: what hangs on a few columns alone is worked out once for each combination."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa


@dataclass(frozen=True)
class Distinct:
    """A column of which every value is held once.

    Attributes
    ----------
    values : Array
        The distinct values, none of them missing.
    places : ndarray of int32
        For each row the place of its value among them; -1 where it is missing.
    """

    values: pa.Array
    places: np.ndarray

    def take(self, rows: np.ndarray | slice) -> pa.Array:
        """The values of some rows; text as a dictionary."""
        places = self.places[rows]
        indices = pa.array(places, mask=places < 0)
        if pa.types.is_string(self.values.type):
            return pa.DictionaryArray.from_arrays(indices, self.values)
        return self.values.take(indices)

    def count(self, rows: np.ndarray | slice) -> Counter[str]:
        """How often each value occurs in some rows."""
        counts = np.bincount(self.places[rows] + 1, minlength=len(self.values) + 1)[1:]
        return Counter({value: int(n) for value, n in zip(self.values.to_pylist(), counts, strict=True) if n})


def encode(column: pa.ChunkedArray) -> Distinct:
    """A column by its distinct values.

    Examples
    --------
    >>> column = encode(pa.chunked_array([["TGO", None], ["FRA", "TGO"]]))
    >>> column.values.to_pylist(), column.places.tolist()
    (['TGO', 'FRA'], [0, -1, 1, 0])
    """
    chunks = (column if pa.types.is_dictionary(column.type) else column.dictionary_encode()).unify_dictionaries().chunks
    values = chunks[-1].dictionary if chunks else pa.array([], column.type)
    places = [chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False) for chunk in chunks]
    return Distinct(values, np.concatenate([*places, np.empty(0, np.int32)], dtype=np.int32))


def combine(columns: dict[str, Distinct]) -> tuple[dict[str, pa.Array], np.ndarray]:
    """The combinations of values that occur in some rows, and for each row the place of its own among them.

    Examples
    --------
    >>> one, two = encode(pa.chunked_array([["a", "a", "b"]])), encode(pa.chunked_array([[1, 1, None]]))
    >>> combinations, places = combine({"one": one, "two": two})
    >>> combinations["one"].to_pylist(), combinations["two"].to_pylist(), places.tolist()
    (['a', 'b'], [1, None], [0, 0, 1])
    """
    keys: np.ndarray = np.zeros(1, dtype=np.int64)
    for column in columns.values():
        keys = keys * (len(column.values) + 1) + (column.places + 1)
    found = pa.array(keys).dictionary_encode()
    rest = found.dictionary.to_numpy()
    combinations = {}
    for name, column in reversed(columns.items()):
        rest, places = np.divmod(rest, len(column.values) + 1)
        combinations[name] = column.values.take(pa.array(places - 1, mask=places == 0))
    return combinations, found.indices.to_numpy()


def spread(values: pa.ChunkedArray, places: np.ndarray) -> Distinct:
    """What was worked out for each combination, for the rows at whose places they stand."""
    once = encode(values)
    return Distinct(once.values, once.places[places])
