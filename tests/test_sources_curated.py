import pytest

from analysis.errors import TightropeError
from analysis.sources.curated import LAYOUTS, read_curated, recognise

VOTES = "resolution,date,state,vote,source_url,note\n"


def write(tmp_path, text, name="some.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_file_is_known_by_its_columns_not_its_name(tmp_path):
    read = read_curated(write(tmp_path, VOTES + "ES-11/1,2022-03-02,NAM,yes,,NA\n", "memberships.csv"))
    assert read.layout == "votes"
    assert read.rows.loc[0, ["state", "note", "file", "line"]].tolist() == ["NAM", "NA", "memberships.csv", 2]


def test_a_record_over_two_lines_is_numbered_by_its_first(tmp_path):
    text = VOTES + 'ES-11/1,2022-03-02,TGO,yes,,"two\nlines"\nES-11/2,2022-03-24,TGO,no,,\n'
    assert read_curated(write(tmp_path, text)).rows["line"].tolist() == [2, 4]


def test_a_record_with_too_many_fields_is_set_apart_and_counted(tmp_path):
    read = read_curated(write(tmp_path, VOTES + "ES-11/1,2022-03-02,TGO,yes,,,surplus\nES-11/2,2022-03-24,TGO,no,,\n"))
    assert (len(read.rows), read.n_read) == (1, 2)
    assert read.malformed[0]["line"] == 2
    assert "7 fields where the header names 6" in read.malformed[0]["reason"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"resolution,date\xff", "is not UTF-8"),
        (VOTES.encode() + b"ES-11/1,2022-03-02,TGO,yes,,a\0b\n", "NUL"),
        ((VOTES + 'ES-11/1,2022-03-02,TGO,yes,,"open\n').encode(), "line 2"),
        (b"resolution,date,date,state,vote,source_url,note\n", "repeats date"),
        (b"resolution,date,stat,vote,source_url,note\n", "unknown column 'stat'; did you mean 'state'"),
        (b"colour,size\n", "Accepted layouts"),
    ],
)  # fmt: skip
def test_a_structural_fault_names_the_file_and_what_is_wrong(tmp_path, content, message):
    with pytest.raises(TightropeError, match=message) as caught:
        read_curated(write(tmp_path, content))
    assert "some.csv" in str(caught.value)


def test_no_header_fits_two_layouts():
    for name, columns in LAYOUTS.items():
        assert recognise(sorted(columns), "x.csv") == name
