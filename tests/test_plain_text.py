"""The rule for text from outside: what is hidden is spelled out, the rest stays, and every reader keeps to it."""

import ast
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.paths import PROJECT
from analysis.plain_text import MAX_CHARACTERS, find_fault, one_line, spell_out
from analysis.sources.plain_columns import hold_to_rule, is_printable_ascii
from analysis.terminal import shown, shown_lines

ANY_TEXT = st.text(st.characters())
OTHER_ALPHABETS = "می\u200cخواهم", "क्\u200dष", "\U0001f468\u200d\U0001f469"
# Format characters that are drawn: signs of Arabic and Syriac numbers, of hieroglyphs.
DRAWN = {"\u070f", "\u06dd", "\u08e2", "\u0890", "\u0891", "\U000110bd", "\U000110cd"}


@pytest.mark.parametrize("category", ["Cc", "Cf", "Cs", "Zl", "Zp"])
def test_no_character_of_these_categories_stays_hidden(category):
    found = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == category}
    kept = {letter for letter in found if spell_out(f"a{letter}b") == f"a{letter}b"} - {"\t", "\n"} - DRAWN
    assert {letter for letter in kept if not "\u0600" <= letter <= "\u0605"} <= set(map(chr, range(0x13430, 0x13440)))
    assert len(found) > len(kept)


@pytest.mark.parametrize("text", ["Lomé, 20\u00a0%", "two\nlines\tand\r\nmore", "Тоgo", *OTHER_ALPHABETS])
def test_what_is_seen_stays_as_it_is(text):
    assert spell_out(text) == text


@given(ANY_TEXT)
def test_spelling_out_twice_is_spelling_out_once(text):
    once = spell_out(text)
    assert spell_out(once) == once


@given(ANY_TEXT)
def test_a_line_of_a_message_is_one_line(text):
    line = one_line(text, most=40)
    assert len(line) <= 40
    assert line.isprintable() or not set(line) & set("\t\n\r\x0b\x0c\x1b\x85\u2028\u2029")


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]))))
def test_a_column_is_held_to_the_same_rule(texts):
    # Beside a chunk in which nothing is hidden.
    plain, faults = hold_to_rule(pa.chunked_array([["Lome"], texts], pa.string()), "place")
    assert plain.to_pylist() == ["Lome", *(text if text is None else spell_out(text) for text in texts)]
    assert faults == {}


@given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=3)))
def test_a_dictionary_is_held_to_the_rule_as_its_text_is(texts):
    texts = [*texts, "a\x1b", "a[U+001B]", "a" * (MAX_CHARACTERS + 1)]
    column = pa.chunked_array([texts, texts[:2]], pa.string())
    plain, faults = hold_to_rule(column.dictionary_encode(), "place")
    expected, expected_faults = hold_to_rule(column, "place")
    assert plain.to_pylist() == expected.to_pylist()
    assert faults == expected_faults
    assert all(len(chunk.dictionary.unique()) == len(chunk.dictionary) for chunk in plain.chunks)


def test_the_longest_field_is_counted_in_characters():
    longest = "é" * MAX_CHARACTERS
    texts = pa.chunked_array([["a", longest], [longest + "é", None]])
    assert hold_to_rule(texts, "place")[1] == {2: find_fault("place", longest + "é")}
    assert "10,001 characters" in find_fault("place", longest + "é")
    assert find_fault("place", longest) == ""


@pytest.mark.parametrize(
    ("texts", "expected"),
    [(["Lome", None, "Togo ~"], True), (["a\x1bb"], False), (["a\x7f"], False), (["Lomé"], False), ([], True)],
)
def test_a_column_of_plain_ascii_is_known_by_its_bytes(texts, expected):
    assert is_printable_ascii(pa.array(texts, pa.string())) is expected
    assert is_printable_ascii(pa.array(["é", *texts, "é"], pa.string()).slice(1, len(texts))) is expected


def test_a_terminal_obeys_neither_markup_nor_escape_sequences():
    assert shown("[red]\x1b[2J\u202e[/]") == r"\[red][U+001B][2J[U+202E]\[/]"


def test_a_name_makes_no_line_of_its_own_on_a_terminal():
    assert shown("HX0\r\nwarning:\tall is well\v") == "HX0[U+000D][U+000A]warning:[U+0009]all is well[U+000B]"
    assert shown_lines("a\r\n[red]\nwarning: all is well\x85") == "a\n  \\[red]\n  warning: all is well[U+0085]"
    assert shown_lines("[a]\nb = 1\n", indent="") == "\\[a]\nb = 1\n"


def test_nothing_but_one_module_escapes_for_a_terminal():
    # Rich's own escape leaves the terminal's sequences in; whoever used it would be the hole.
    found = [
        path.relative_to(PROJECT).as_posix()
        for path in sorted((PROJECT / "analysis").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "rich.markup"
    ]
    assert found == ["analysis/terminal.py"]
