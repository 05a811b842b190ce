"""Small notebooks that can be run, each for one situation, and folders of them with their briefings.toml."""

from __future__ import annotations

from pathlib import Path

import nbformat

from analysis.reporting.parameters import Briefing

PARAMETERS = 'end: str = "2026-02-28"  # last day\nnumber: int = 1  # which'
TITLE = 'import analysis as tr\ntr.show_title(f"Report {number}", "below", language="en", as_of=end)'
NUMBERS = 'tr.show_text(["It is so."], {"number": number})'
FIGURE = (
    "import matplotlib.pyplot as plt\n"
    "figure, axes = plt.subplots()\n"
    "axes.bar([0, 1], [2, number])\n"
    'tr.show_figure(axes, "bars", caption="Two bars.", alt="Bars.")'
)
ENDLESS = "while True:\n    pass"
GREEDY = (
    "hoard = []\n"
    "while len(hoard) < 24:  # a machine without the guard under test shall live\n"
    "    hoard.append(bytearray(b'x' * 2**26))\n"
    "__import__('threading').Event().wait(60)"
)


def write_notebook(path: Path, *sources: str, parameters: str = PARAMETERS) -> Path:
    """A notebook of these cells below its parameters."""
    cells = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="parameters")]
    cells += [nbformat.v4.new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec}), path)
    return path


def write_briefings(folder: Path, n_good: int = 0, **sources: str) -> list[Briefing]:
    """A notebook folder: some good briefings `good-1` and so on, and one of each further cell under its name."""
    folder.mkdir(exist_ok=True)
    write_notebook(folder / "good.ipynb", TITLE, NUMBERS, FIGURE)
    lines = []
    if n_good:
        lines += ["[good]", 'notebook = "good.ipynb"', f"grid.number = {list(range(1, n_good + 1))}"]
    for name, source in sources.items():
        write_notebook(folder / f"{name}.ipynb", TITLE, source)
        lines += [f"[{name}]", f'notebook = "{name}.ipynb"']
    (folder / "briefings.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    from analysis.reporting.entries import read_briefings

    return read_briefings(folder)


def read_reports(reports: Path) -> dict[str, bytes]:
    """Every published file by its path, as a reader who follows `latest` finds it."""
    found = {}
    for latest in sorted(reports.glob("*/latest")):
        for path in sorted(latest.rglob("*")):
            if path.is_file():
                found[path.relative_to(reports).as_posix()] = path.read_bytes()
    return found
