"""The codebook: every processed table and column as Markdown, written from the schemas.

Run ``python -m analysis.dictionary > docs/data_dictionary.md`` after changing a schema.
"""

from __future__ import annotations

from analysis.schema import ARCHIVE_TABLES, TABLES, Field, Table


def describe_tables() -> str:
    """The whole of `docs/data_dictionary.md`."""
    head = (
        "# Data dictionary\n\n"
        "Every table that `tightrope build` writes to `data/processed/`, as Parquet. This page is written from\n"
        "`analysis/schema/`; a test holds the two equal. A missing value means *not known*; zero means *known to be\n"
        "none*. Dates are calendar days.\n"
    )
    coded = (
        "# The archive of coded events\n\n"
        "What `tightrope build` makes of event files, in `data/processed/coded/`; its rejects are of the table above.\n"
        "The archive's `ledger.json` says which files it is made of.\n"
    )
    tables = [_describe(table) for table in TABLES.values()]
    return "\n".join([head, *tables, coded, *(_describe(table) for table in ARCHIVE_TABLES.values())])


def _describe(table: Table) -> str:
    lines = [
        f"## {table.name}\n",
        f"One row is {table.row}. Key: {', '.join(f'`{name}`' for name in table.key)}.\n",
        "| column | type | meaning | unit | allowed values | may be missing |",
        "|---|---|---|---|---|---|",
        *(_row(field) for field in table.fields),
        "",
    ]
    return "\n".join(lines)


def _row(field: Field) -> str:
    allowed = ", ".join(field.allowed)
    if field.bounds:
        allowed = f"{field.bounds[0]:g} to {field.bounds[1]:g}"
    missing = "no" if field.required else "yes"
    return f"| `{field.name}` | {field.type} | {field.meaning} | {field.unit} | {allowed} | {missing} |"


if __name__ == "__main__":
    print(describe_tables(), end="")
