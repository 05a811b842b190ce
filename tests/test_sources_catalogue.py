import tomllib

import pytest

from analysis.errors import TightropeError
from analysis.paths import RAW
from analysis.sources.catalogue import check_catalogue, find_raw_files, read_catalogue, sha256_of, suggest_entry


def test_every_raw_file_is_listed_and_unchanged():
    assert check_catalogue(RAW) == {}
    assert {entry.name for entry in read_catalogue(RAW)} == {path.name for path in find_raw_files(RAW)}


def test_a_changed_file_is_named_with_both_hashes(raw_copy):
    path = raw_copy / "missions.csv"
    listed = sha256_of(path)
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(TightropeError) as caught:
        check_catalogue(raw_copy)
    for part in ("missions.csv", listed, sha256_of(path)):
        assert part in str(caught.value)


def test_a_missing_file_is_named(raw_copy):
    (raw_copy / "togo_events.csv").unlink()
    with pytest.raises(TightropeError, match=r"togo_events\.csv is listed .* missing"):
        check_catalogue(raw_copy)


def test_a_file_not_listed_gets_an_entry_to_fill_in(raw_copy):
    (raw_copy / "mine.csv").write_text("a,b\n", encoding="utf-8")
    entry = check_catalogue(raw_copy)["mine.csv"]
    filled = tomllib.loads(entry)["file"][0]
    assert filled["name"] == "mine.csv"
    assert filled["sha256"] == sha256_of(raw_copy / "mine.csv")


def test_an_entry_without_a_licence_is_an_error(tmp_path):
    entry = suggest_entry("a.csv", "00").replace("licence", "license")
    (tmp_path / "SOURCES.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(TightropeError, match="lacks licence"):
        read_catalogue(tmp_path)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('file = "x"', "file is x; entries"), ("file = 3", "file is 3; entries"), ("file = [1]", r"file is \[1\]; entries"),
        ("file = [[]]", r"file is \[\[\]\]; entries"), ("[file]\nname = 'a'", "file is {'name': 'a'}; entries"),
        (f"x = {'[' * 3_000}", "nested too deeply"), (f"x = {'9' * 5_000}", "limit"), ("[[file]]\n[[file]]", "entry 1"),
        ("[[file]]\nname = ['a']\nsha256 = ''\ncitation = ''\nlicence = ''\naccessed = ''", r"name is \['a'\]; a text"),
        (b"\xff", "utf-8"), ("file =", "Invalid value"),
    ],
)  # fmt: skip
def test_a_list_of_another_form_is_an_error(tmp_path, content, fault):
    (tmp_path / "SOURCES.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TightropeError, match=rf"^SOURCES\.toml: .*{fault}"):
        read_catalogue(tmp_path)


@pytest.mark.parametrize("name", ['a"b.csv', "a\nb.csv", "a\\b.csv", "é.csv"])
def test_the_entry_to_fill_in_is_of_any_name(name):
    assert tomllib.loads(suggest_entry(name, "00"))["file"][0]["name"] == name


def test_an_empty_or_absent_folder_says_so(tmp_path):
    with pytest.raises(TightropeError, match="holds no CSV"):
        find_raw_files(tmp_path)
    with pytest.raises(TightropeError, match="does not exist"):
        find_raw_files(tmp_path / "nowhere")
