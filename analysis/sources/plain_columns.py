"""The rule of :mod:`analysis.plain_text` for columns of text in Arrow."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.plain_text import MAX_CHARACTERS, SUSPECT, find_fault, spell_out


def hold_to_rule(texts: pa.ChunkedArray, name: str) -> tuple[pa.ChunkedArray, dict[int, str]]:
    r"""A column held to the rule: what was hidden spelled out, and why rows cannot be taken, by their number.

    Parameters
    ----------
    texts : ChunkedArray
        Text, perhaps as dictionaries; missing values stay missing.
    name : str
        Name of the column, for the reasons.

    Examples
    --------
    >>> texts, faults = hold_to_rule(pa.chunked_array([["Lom\u202e", "a" * 10_001, None]]), "place")
    >>> texts[0].as_py(), faults
    ('Lom[U+202E]', {1: 'place has 10,001 characters; at most 10,000 are accepted'})
    """
    if pa.types.is_dictionary(texts.type):
        return _hold_values_to_rule(texts, name)
    faults: dict[int, str] = {}
    longest = pc.max(pc.binary_length(texts)).as_py() or 0  # in bytes, which need no counting
    if longest > MAX_CHARACTERS:
        long = pc.fill_null(pc.greater(pc.binary_length(texts), MAX_CHARACTERS), False)
        for row in pc.indices_nonzero(long).to_pylist():
            fault = find_fault(name, texts[row].as_py())
            if fault:
                faults[row] = fault
    return pa.chunked_array(map(_spell_out, texts.chunks), texts.type) if texts.num_chunks else texts, faults


def _hold_values_to_rule(texts: pa.ChunkedArray, name: str) -> tuple[pa.ChunkedArray, dict[int, str]]:
    """A column of dictionaries, of which each value is looked at once however many rows hold it."""
    faults: dict[int, str] = {}
    chunks, n_rows = [], 0
    for chunk in texts.chunks:
        plain, found = hold_to_rule(pa.chunked_array([chunk.dictionary]), name)
        if found:
            for row in pc.indices_nonzero(pc.is_in(chunk.indices, pa.array(found, chunk.indices.type))).to_pylist():
                faults[n_rows + row] = found[chunk.indices[row].as_py()]
        once = plain.combine_chunks().dictionary_encode()  # two values may have become one
        chunks.append(pa.DictionaryArray.from_arrays(once.indices.take(chunk.indices), once.dictionary))
        n_rows += len(chunk)
    return pa.chunked_array(chunks, texts.type), faults


def _spell_out(texts: pa.Array) -> pa.Array:
    if is_printable_ascii(texts):
        return texts  # nothing is hidden in it; to see that takes a tenth of the time of looking for it
    suspect = pc.fill_null(pc.match_substring_regex(texts, SUSPECT), False)
    if not pc.any(suspect).as_py():
        return texts
    spelled = pa.array([spell_out(text) for text in texts.filter(suspect).to_pylist()], texts.type)
    return pc.replace_with_mask(texts, suspect, spelled)


def is_printable_ascii(texts: pa.StringArray) -> bool:
    """Whether every byte of some texts is a printable letter of ASCII; False also for texts of another type."""
    if not pa.types.is_string(texts.type):
        return False
    _, offsets, content = texts.buffers()
    if not len(texts) or content is None:
        return True
    bounds = np.frombuffer(offsets, np.int32)[[texts.offset, texts.offset + len(texts)]]
    codes = np.frombuffer(content, np.uint8)[slice(*bounds)]
    return not codes.size or bool((codes - np.uint8(ord(" "))).max() < 0x7F - ord(" "))  # what is less turns around
