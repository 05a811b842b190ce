import os
import subprocess
import sys

import pandas as pd
import pandera.errors
import pytest

from analysis import folders
from analysis.errors import TightropeError, UnknownNameError
from analysis.schema import TABLES
from analysis.store import read_build, read_table, write_tables

VOTE = {"roll_call_id": "r", "date": "2022-03-02", "state": "TGO", "vote": "yes", "file": "f.csv", "line": 2}


def votes(*rows):
    return {"votes": TABLES["votes"].frame(list(rows))}


def test_a_table_comes_back_as_it_was_written(tmp_path):
    write_tables(votes(VOTE), {"inputs": "x"}, tmp_path / "out")
    table = read_table("votes", tmp_path / "out")
    pd.testing.assert_frame_equal(table, votes(VOTE)["votes"])
    assert read_build(tmp_path / "out") == {"inputs": "x"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "fault",
    [{"vote": "maybe"}, {"state": None}, {"date": None}],
    ids=["value not allowed", "required text missing", "required date missing"],
)
def test_a_breach_of_the_schema_leaves_the_previous_tables_whole(tmp_path, fault):
    write_tables(votes(VOTE), {"inputs": "first"}, tmp_path / "out")
    with pytest.raises(pandera.errors.SchemaErrors):
        write_tables(votes(VOTE | fault), {"inputs": "second"}, tmp_path / "out")
    assert read_build(tmp_path / "out")["inputs"] == "first"
    assert len(read_table("votes", tmp_path / "out")) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_repeated_key_is_a_breach(tmp_path):
    with pytest.raises(pandera.errors.SchemaErrors):
        write_tables(votes(VOTE, VOTE), {}, tmp_path / "out")


def test_files_a_build_did_not_write_are_not_replaced(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(TightropeError, match=r"thesis\.docx"):
        write_tables(votes(VOTE), {}, tmp_path)
    assert (tmp_path / "thesis.docx").exists()


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="two folders cannot change places here")
def test_at_every_step_of_a_build_a_reader_finds_tables(tmp_path, monkeypatch):
    seen = []

    def look_after(module, name):
        step = getattr(module, name)

        def stepping(*paths):
            done = step(*paths)
            seen.append(read_build(tmp_path / "out")["inputs"])
            return done

        monkeypatch.setattr(module, name, stepping)

    write_tables(votes(VOTE), {"inputs": "first"}, tmp_path / "out")
    look_after(os, "rename")
    look_after(folders, "exchange")
    write_tables(votes(VOTE), {"inputs": "second"}, tmp_path / "out")
    assert seen == ["first", "second"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_cannot_be_replaced_is_restored(tmp_path, monkeypatch):
    write_tables(votes(VOTE), {"inputs": "first"}, tmp_path / "out")
    rename = os.rename

    def refuse(one, other):
        if other.name == "out" and not one.name.endswith(".previous"):
            raise OSError("no")
        rename(one, other)

    monkeypatch.setattr(folders, "exchange", lambda one, other: False)
    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(OSError, match="no"):
        write_tables(votes(VOTE), {"inputs": "second"}, tmp_path / "out")
    assert read_build(tmp_path / "out")["inputs"] == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_unbuilt_or_unknown_table_says_what_to_do(tmp_path):
    with pytest.raises(TightropeError, match="tightrope build"):
        read_table("votes", tmp_path)
    with pytest.raises(UnknownNameError, match="did you mean 'votes'"):
        read_table("vote", tmp_path)


def test_a_table_is_read_anew_when_it_has_been_built_anew(tmp_path):
    write_tables(votes(VOTE), {"inputs": "first"}, tmp_path / "out")
    assert len(read_table("votes", tmp_path / "out")) == 1
    write_tables(votes(VOTE, VOTE | {"state": "BEN"}), {"inputs": "second"}, tmp_path / "out")
    assert len(read_table("votes", tmp_path / "out")) == 2


def test_what_one_reader_does_to_a_table_is_not_seen_by_the_next(tmp_path):
    write_tables(votes(VOTE), {"inputs": "first"}, tmp_path / "out")
    table = read_table("votes", tmp_path / "out")
    table.loc[0, "vote"] = "no"
    table["new"] = 1
    pd.testing.assert_frame_equal(read_table("votes", tmp_path / "out"), votes(VOTE)["votes"])


def test_a_process_that_has_read_a_table_has_no_more_threads_than_before(tmp_path):
    """Others are forked from it."""
    write_tables(votes(VOTE), {"inputs": "first"}, tmp_path / "out")
    count = (
        "import psutil, pyarrow, sys\nfrom analysis.store import read_table\n"
        "pyarrow.allocate_buffer(1 << 20)  # the allocator has a thread, which sees to itself at a fork\n"
        "before = psutil.Process().num_threads()\n"
        "assert len(read_table('votes', sys.argv[1])) == 1\n"
        "print(psutil.Process().num_threads() - before)"
    )
    done = subprocess.run([sys.executable, "-c", count, tmp_path / "out"], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
