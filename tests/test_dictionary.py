from analysis.dictionary import describe_tables
from analysis.paths import PROJECT
from analysis.schema import ARCHIVE_TABLES, TABLES


def test_the_committed_dictionary_is_the_generated_one():
    committed = (PROJECT / "docs" / "data_dictionary.md").read_text(encoding="utf-8")
    assert committed == describe_tables(), "run: python -m analysis.dictionary > docs/data_dictionary.md"


def test_every_column_of_every_table_is_described():
    text = describe_tables()
    for table in (*TABLES.values(), *ARCHIVE_TABLES.values()):
        section = text.split(f"## {table.name}\n")[1].split("\n## ")[0].split("\n# ")[0]
        assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == table.columns
