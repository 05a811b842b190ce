"""A packed file is unpacked within its limit by every reader, or refused with a reason that names file and limit."""

import bz2
import gzip
import io
import lzma
import struct

import pytest
from fuzz.relations import READERS

from analysis.errors import TightropeError
from analysis.sources import packed
from analysis.sources.relations import un_votes

PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}
LIMIT = 100_000


@pytest.fixture
def _limits(monkeypatch):
    monkeypatch.setattr(packed, "MAX_EXPANDED_BYTES", LIMIT)
    monkeypatch.setattr(packed, "MAX_HELD_BYTES", LIMIT)


@pytest.mark.usefixtures("_limits")
@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("name", READERS)
def test_every_reader_refuses_a_table_that_expands_beyond_the_limit(name, packer, tmp_path):
    reader, text = READERS[name]
    path = tmp_path / "bomb.csv"
    path.write_bytes(PACKERS[packer](text.encode() + b"0" * 100 * LIMIT))
    with pytest.raises(TightropeError, match=r"bomb.csv: .* beyond the limit of 100,000 bytes"):
        reader(path)
    path.write_bytes(PACKERS[packer](text.encode()))
    assert reader(path).n_kept > 0


@pytest.mark.usefixtures("_limits")
@pytest.mark.parametrize("packer", PACKERS)
def test_a_workspace_of_r_that_expands_beyond_the_limit_is_refused(packer, tmp_path):
    path = tmp_path / "bomb.RData"
    path.write_bytes(PACKERS[packer](b"RDX3\nX\n" + bytes(100 * LIMIT)))
    with pytest.raises(TightropeError, match=r"bomb.RData: .* beyond the limit of 100,000 bytes"):
        un_votes.read_un_votes(path)


def test_a_workspace_of_r_with_a_sequence_beyond_the_limit_is_refused(tmp_path):
    path = tmp_path / "sequence.rda"
    path.write_bytes(_sequence(10))
    with pytest.raises(TightropeError, match="is no file of General Assembly votes"):
        un_votes.read_un_votes(path)
    path.write_bytes(_sequence(2_000_000_000))
    with pytest.raises(TightropeError, match=r"sequence.rda: .* beyond the limit of 2,147,483,648 bytes"):
        un_votes.read_un_votes(path)


def _sequence(length):
    """A workspace with one vector x, which R stores by its length, first number and step."""

    def symbol(name):
        return struct.pack(">iii", 1, 0x00040009, len(name)) + name

    head = b"RDX3\nX\n" + struct.pack(">iiii", 3, 0x40300, 0x30500, 5) + b"UTF-8"
    kind = b"".join([struct.pack(">i", 2), symbol(b"compact_intseq"), struct.pack(">i", 2), symbol(b"base")])
    kind += struct.pack(">iiiii", 2, 13, 1, 13, 254)
    state = struct.pack(">iiddd", 14, 3, length, 1, 1)
    return (
        head
        + struct.pack(">i", 0x402)
        + symbol(b"x")
        + struct.pack(">i", 238)
        + kind
        + state
        + struct.pack(">ii", 254, 254)
    )


def test_no_more_than_one_byte_above_the_limit_is_unpacked():
    taken = []

    class Counted(io.BytesIO):
        def read(self, size=-1):
            block = super().read(size)
            taken.append(len(block))
            return block

    with pytest.raises(packed.UnreadableFileError), packed.Bounded(Counted(bytes(100 * LIMIT)), LIMIT) as file:
        file.read()
    assert sum(taken) == LIMIT + 1


@pytest.mark.parametrize("packer", PACKERS)
def test_every_reader_s_broken_archive_is_told_with_its_name(packer, tmp_path):
    path = tmp_path / "cut.csv"
    for name, (reader, text) in READERS.items():
        whole = PACKERS[packer](text.encode() * 3)
        path.write_bytes(whole[:-6])
        with pytest.raises(TightropeError, match=r"cut.csv: .*fetch it again"):
            pytest.fail(f"{name} read {reader(path).n_read} records of it")
