"""What a format of event file is: how it is recognised, how its lines are split, and which column means what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EventLayout:
    """One format of machine-coded event file.

    Attributes
    ----------
    source_name : str
        Data source whose rows these are; two layouts may carry one source.
    title, citation, licence : str
        What it is called, how it is cited, and what its licence or terms ask.
    covers : (str, str)
        First and last day of its coverage, ISO dates; an empty last day means that it goes on.
    columns : tuple of str
        The columns of a line, in order; for a file with a header those it must have.
    has_header : bool
        Whether the first line names the columns.
    delimiter : str
        What parts the fields.
    is_quoted : bool
        Whether a double quote encloses a field; otherwise it is data.
    n_fields : tuple of int
        Accepted numbers of fields of a line without a header; short lines lack the last columns.
    numeric_fields : tuple of int
        Fields, counted from 0, that hold digits alone in every line of a file without a header.
    missing : tuple of str
        Text that stands for "not known", besides the empty field.
    comment_prefix : str
        Lines whose first filled field begins so are a second header (HXL tags) and no rows.
    reads : mapping of str to str
        Common raw column -> column of the file. The rest of the file is not read.
    date_format : str
        How days are written: ``"%Y%m%d"``, ``"%Y-%m-%d"``, or ``"any"`` for those below.
    max_delay_days : int or None
        An event dated more than so many days before its report is rejected; None where
        coding years later is how the source works.
    delay_since : str
        First day of report for which that holds, where the years before were coded afterwards.
    marks : tuple of str
        Columns a header must name besides those that are read, where another layout reads the same.
    codes : mapping of str to str
        Which reference tables its codes belong to: ``actor_state``, ``place_state``, ``role``,
        ``event_type``, ``goldstein``.
    id_is_number : bool
        Whether the source's event id must be a whole number.
    ids_last : bool
        Whether a later edition of the source tells an event again under its id, perhaps put right and on another day.
    """

    source_name: str
    title: str
    citation: str
    licence: str
    covers: tuple[str, str]
    columns: tuple[str, ...]
    reads: Mapping[str, str]
    codes: Mapping[str, str]
    has_header: bool = True
    delimiter: str = "\t"
    is_quoted: bool = False
    n_fields: tuple[int, ...] = ()
    numeric_fields: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    comment_prefix: str = ""
    date_format: str = "%Y-%m-%d"
    max_delay_days: int | None = None
    delay_since: str = ""
    marks: tuple[str, ...] = ()
    id_is_number: bool = False
    ids_last: bool = False

    @property
    def expects(self) -> str:
        """One line that tells a user what such a file looks like."""
        parted = {"\t": "tab", ",": "comma"}[self.delimiter]
        if self.has_header:
            return f"{self.title}: a header with {', '.join(self.required[:6])}, ... parted by {parted}"
        counts = " or ".join(str(count) for count in self.n_fields)
        return f"{self.title}: no header, {counts} fields parted by {parted}"

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that a header must name: those that are read, and the marks."""
        return tuple(dict.fromkeys((*self.reads.values(), *self.marks)))

    def count_fitting(self, lines: list[str]) -> int:
        """How many of a file's first lines are of this layout; all of them where the header is."""
        if not lines:
            return 0
        if self.has_header:
            return len(lines) if set(self.required) <= set(split_line(lines[0], self)) else 0
        return sum(
            len(parts) in self.n_fields and all(parts[place].isdigit() for place in self.numeric_fields)
            for parts in (split_line(line, self) for line in lines)
        )


def split_line(line: str, layout: EventLayout) -> list[str]:
    """The fields of one line.

    Examples
    --------
    >>> from analysis.sources.events.ucdp import UCDP_GED
    >>> split_line('1,"Togo, Kara"', UCDP_GED)
    ['1', 'Togo, Kara']
    """
    if not layout.is_quoted:
        return line.split(layout.delimiter)
    import io

    from analysis.sources.records import csv_reader

    # A column beyond those that are read may have a name of any length.
    return next(csv_reader(io.StringIO(line, newline=""), delimiter=layout.delimiter), [])
