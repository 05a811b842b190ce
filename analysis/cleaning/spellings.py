"""One port and one outlet, however it is spelled: names that differ in case, accents or spacing alone are one."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

import pandas as pd

_RAW_COLUMNS = {"outlet": ("source1_outlet", "source2_outlet", "source_outlet", "outlet"), "port": ("port",)}
_NONE: Mapping[str, Iterable[str]] = MappingProxyType({})


def choose_spellings(
    files: Collection[pd.DataFrame], reviewed: Mapping[str, Iterable[str]] = _NONE
) -> dict[str, dict[str, str]]:
    """Choose one spelling for each outlet and port: the reviewed one, or else the one that stands first.

    Parameters
    ----------
    files : collection of DataFrame
        Raw rows, the file that stands first before the others.
    reviewed : dict of str to iterable of str
        Names as the reference tables spell them, by column of the tables ("outlet", "port").

    Returns
    -------
    dict of str to dict
        By column, the spelling to show for each name that stands otherwise in a file.

    Examples
    --------
    >>> ports = pd.DataFrame({"port": ["Lomé", "Cotonou", "Lome", "LOMÉ"]})
    >>> choose_spellings([ports])["port"]
    {'Lome': 'Lomé', 'LOMÉ': 'Lomé'}
    >>> choose_spellings([ports], {"port": ["Lome"]})["port"]
    {'Lomé': 'Lome', 'LOMÉ': 'Lome'}
    """
    chosen = {}
    for column, held in _RAW_COLUMNS.items():
        names = [name for rows in files for cell in held if cell in rows for name in rows[cell].unique() if name]
        shown: dict[str, str] = {}
        for name in (*reviewed.get(column, ()), *names):
            shown.setdefault(_fold(name), name)
        chosen[column] = {name: shown[_fold(name)] for name in dict.fromkeys(names) if shown[_fold(name)] != name}
    return chosen


def spell(tables: Mapping[str, pd.DataFrame], spellings: Mapping[str, dict[str, str]]) -> dict[str, pd.DataFrame]:
    """Write the outlets and ports of every table as they are to be shown.

    Examples
    --------
    >>> ties = pd.DataFrame({"outlet": ["RFI", "rfi", None]})
    >>> spell({"ties": ties}, {"outlet": {"rfi": "RFI"}})["ties"]["outlet"].tolist()
    ['RFI', 'RFI', nan]
    """
    return {
        name: table.assign(
            **{
                column: table[column].map(lambda text, own=own: own.get(text, text))
                for column, own in spellings.items()
                if column in table
            }
        )
        for name, table in tables.items()
    }


def _fold(name: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter) and not letter.isspace())
