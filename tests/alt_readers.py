"""What a figure shows, read off what is drawn on its axes, in the phrases that its alt text must say it in.

A reader gets a figure, never the frame it was made from. It yields phrases; a phrase marked by :func:`beside` is one
whose number the alt text adds to what can be seen.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.dates import num2date

BESIDE = "\0"
READERS: dict[str, Callable[[Any], Iterator[str]]] = {}
MONTHS = list(month_name)[1:]


def reads(figure: str) -> Callable[[Any], Any]:
    """Register the reader of a figure."""

    def register(reader: Callable[[Any], Iterator[str]]) -> Callable[[Any], Iterator[str]]:
        READERS[figure] = reader
        return reader

    return register


def beside(pattern: str) -> str:
    """A regular expression of words whose number is not drawn."""
    return BESIDE + pattern


def rounded(value: float, decimals: int) -> Decimal:
    """A number as it is read, halves away from zero; what floats have added on the way is dropped before."""
    return Decimal(f"{value:.9f}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def signed(value: float, decimals: int = 2) -> str:
    """A tilt or mean as it is written."""
    number = rounded(value, decimals)
    return f"{number:+}".replace("-", "−") if number else f"{abs(number)}"


def plain(value: float) -> str:
    """Points or tonnes: whole numbers bare, others with one decimal."""
    return f"{rounded(value, 0 if abs(value - round(value)) < 1e-6 else 1):,}"


def interval(low: float, high: float) -> str:
    """The ends of an interval, where they are not one point."""
    return f"{signed(low)} to {signed(high)}" if low < high else "without width"


def day(number: float) -> str:
    """A place on an axis of days, in words."""
    when = num2date(number)
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def month(number: float) -> str:
    """The month of a place on an axis of days."""
    when = num2date(number)
    return f"{MONTHS[when.month - 1]} {when.year}"


def words(axes: Any) -> list[str]:
    """The texts of a panel on one line each, those left empty apart."""
    return [" ".join(text.get_text().split()) for text in axes.texts if text.get_text().strip()]


def rows(axes: Any) -> dict[float, str]:
    """The labels of the vertical axis by their height."""
    return {
        round(float(place), 3): " ".join(label.get_text().split())
        for place, label in zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)
    }


def bars(axes: Any, *, hatched: bool | None = None) -> list[Any]:
    """Rectangles of a panel that have an area."""
    found = [bar for bar in axes.patches if bar.get_width() and bar.get_height()]
    return [bar for bar in found if hatched is None or bool(bar.get_hatch()) == hatched]


def middle(bar: Any) -> tuple[float, float]:
    """Centre of a bar."""
    return round(bar.get_x() + bar.get_width() / 2, 3), round(bar.get_y() + bar.get_height() / 2, 3)


def colour(artist: Any) -> str:
    """Fill of a bar, without its opacity."""
    return str(mpl.colors.to_hex(artist.get_facecolor()))


def marks(axes: Any, *shapes: str) -> list[Any]:
    """Lines of a panel that are marks of these shapes."""
    return [line for line in axes.lines if line.get_marker() in shapes and len(line.get_xdata())]


def labelled(axes: Any, label: str) -> list[Any]:
    """Lines of a panel that carry a label."""
    return [line for line in axes.lines if line.get_label() == label]


def spans(axes: Any) -> list[tuple[float, float, float]]:
    """Upright or level strokes of intervals in a panel: where, from, to."""
    found = []
    for collection in axes.collections:
        if isinstance(collection, mpl.collections.LineCollection):
            for (x0, y0), (x1, y1) in (path.vertices for path in collection.get_paths()):
                if abs(x1 - x0) != 1 or y0 != y1:  # ends of the scale reach across the panel
                    found.append((x0, y0, y1) if x0 == x1 else (y0, x0, x1))
    return found


@reads("coverage")
def _coverage(figure: Any) -> Iterator[str]:
    (axes,) = figure.axes
    legend = axes.get_legend()
    names = {
        colour(handle): text.get_text().rpartition(" (")[0]
        for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True)
    }
    by_year, by_name = {round(year): 0.0 for year in axes.get_xticks()}, defaultdict(float)
    for bar in axes.patches:
        by_year[round(middle(bar)[0])] += bar.get_height()
        by_name[names[colour(bar)]] += bar.get_height()
    total = sum(by_year.values())
    yield f"In all {total:.0f} events"
    yield f"{min(by_year)} to {max(by_year)}"
    yield from (f"{year}: {height:.0f}" for year, height in by_year.items())
    yield from (f"{name} {height:.0f} ({100 * height / total:.0f} %)" for name, height in by_name.items())


@reads("timeline")
def _timeline(figure: Any) -> Iterator[str]:
    yield f"{len(figure.axes)} lanes"
    yield from (day(limit) for limit in figure.axes[0].get_xlim())
    shown = {}
    for axes in figure.axes:
        name = words(axes)[0]
        dots = [
            tuple(map(float, offset))
            for collection in axes.collections
            if isinstance(collection, mpl.collections.PathCollection)
            for offset in collection.get_offsets()
        ]
        up, down = sum(y for _, y in dots if y > 0), -sum(y for _, y in dots if y < 0)
        if dots:
            yield f"{name} {len(dots)} events, cooperation {plain(up)}, conflict {plain(down)}"
        else:
            yield f"{name}, no events gathered"
        shown[name] = {(f"{num2date(x):%-d %b %Y}", signed(y, 0)) for x, y in dots}, words(axes)[2:]
    yield beside(_labelled_events(shown))


def _labelled_events(shown: dict[str, tuple[set[tuple[str, str]], list[str]]]) -> str:
    """Any of the dots with any of the labels of its lane."""
    choices = [
        rf"{date}, {name}, {re.escape(size)}: {re.escape(label)}"
        for name, (dots, labels) in shown.items()
        for date, size in sorted(dots)
        for label in labels
    ]
    return rf"Labelled events: (?:(?:{'|'.join(choices)})(?:[;.] ?|$))+"


@reads("tilt")
def _tilt(figure: Any) -> Iterator[str]:
    (axes,) = figure.axes
    (line,) = labelled(axes, "tilt")
    days, values = line.get_xdata(), line.get_ydata()
    few = sum(len(one.get_xdata()) for one in labelled(axes, "few"))
    point = sum(len(one.get_xdata()) for one in labelled(axes, "point"))
    known = ~np.isnan(values)
    low, high = np.argmin(values[known]), np.argmax(values[known])
    yield f"{month(days[0])} to {month(days[-1])}"
    yield f"to {month(days[-1])} the tilt between France (+1) and Russia (−1) is {signed(values[-1])}"
    ends = {x: (start, end) for x, start, end in spans(axes)}
    yield f"90 % interval {interval(*ends[days[-1]])}"
    yield "it runs from " + " to ".join(
        f"{signed(values[known][one])} ({month(days[known][one])})" for one in (low, high)
    )  # fmt: skip
    for number, lack in ((few, "too few events"), (int((~known).sum()) - few, "no cooperation at all")):
        yield f"{number} window{' has' if number == 1 else 's have'} {lack}"
    yield f"In {point} window all cooperation is with one power"
    yield beside(r"1?2-month window|In the 12 months|, 12 events|a 90 % band|\(\+1, top\)|\(−1, bottom\)")


@reads("words_and_deeds")
def _words_and_deeds(figure: Any) -> Iterator[str]:
    (axes,) = figure.axes
    labels = rows(axes)
    powers = {height: name for height, name in labels.items() if name not in ("words", "deeds")}
    said = [text for text in words(axes) if "event" in text]
    for height, name in powers.items():
        own = [one for one in labels if height < one < height + 2]
        if not own:
            yield f"With {name} {said.pop(0)}"
        for row in own:
            widths = [bar.get_width() for bar in axes.patches if middle(bar)[1] == row]
            up, down = sum(w for w in widths if w > 0), -sum(w for w in widths if w < 0)
            yield f"{name}, {labels[row]}: cooperation {plain(up)}, conflict {plain(down)}, {said.pop(0)}"


@reads("neighbours")
def _neighbours(figure: Any) -> Iterator[str]:
    axes, side = figure.axes
    (dots,) = [one for one in axes.collections if isinstance(one, mpl.collections.PathCollection)]
    places = [tuple(map(float, offset)) for offset in dots.get_offsets()]
    ends = {height: (low, high) for height, low, high in spans(axes)}
    (tilt, depth), *others = places
    name, *names = words(axes)
    yield f"upwards from 0 to {plain(max(y for _, y in places))} effect points"
    yield f"{name} has a tilt of {signed(tilt)} (90 % interval {interval(*ends[depth])}"
    yield f"a depth of {plain(depth)} effect points"
    yield from (f"{one}: tilt {signed(x)}, depth {plain(y)}" for one, (x, y) in zip(names, others, strict=True))
    yield "Without one, at the right: " + " and ".join(text.rpartition(" (")[0] for text in words(side)[1:])
    yield beside(r", 37 events|from −1|to \+1|with 90 % intervals")


@reads("neighbourhood")
def _neighbourhood(figure: Any) -> Iterator[str]:
    panels = {axes.get_title(loc="left"): axes for axes in figure.axes if axes.get_title(loc="left")}
    yield f"Small panels of {len(panels)} states"
    tallest = max(bar.get_height() for axes in figure.axes for bar in axes.patches if axes.get_xlim()[1] > 10)
    yield f"bars of depth (cooperation within the year) up to {tallest:.1f} effect points"
    years = set()
    for name, axes in panels.items():
        (path,) = labelled(axes, "path")
        sure = {x for x, *_ in spans(axes)}
        said = []
        for x, y in zip(path.get_xdata(), path.get_ydata(), strict=True):
            years.add(num2date(x).year)
            said.append(f"{signed(y)} in {num2date(x).year}" + ("" if x in sure else " (too few events)"))
        yield f"{name}: {', '.join(said)}" if said else f"No cooperation on record: {name}"
        if labelled(axes, "coup"):
            yield f"Coups are on record in {name}"
        if labelled(axes, "coup_attempt"):
            yield f"A coup was attempted in {name}"
    yield f"{min(years)} to {max(years)}"
    yield beside(r"from −1|to \+1")


@reads("tile_map")
def _tile_map(figure: Any) -> Iterator[str]:
    (axes,) = figure.axes
    tiles: dict[tuple[int, int], list[str]] = defaultdict(list)
    for text in sorted(axes.texts, key=lambda one: one.get_position()[1]):
        x, y = text.get_position()
        tiles[int(x), int(y)].append(text.get_text())
    compared = [tile for tile in tiles.values() if len(tile) > 1]
    for name, tilt, *crosses in compared:
        years = crosses[0].removeprefix("× ") if crosses else ""
        yield f"{name} {tilt}" + (f" (coup or attempt {years})" if years else ".")
    (left_out,) = [text.get_text() for text in figure.texts if text.get_text().startswith("Not on the map: ")]
    yield left_out.removeprefix("Not on the map: ")
    yield f"A map of {len(compared) + left_out.count('?')} states"
    yield beside(r"from −1|to \+1")


@reads("ties")
def _ties(figure: Any) -> Iterator[str]:
    (axes,) = figure.axes
    texts = [(*text.get_position(), " ".join(text.get_text().split())) for text in axes.texts]
    heads = {x: text for x, y, text in texts if y < 0}
    cells = {(x, round(y, 3)): text for x, y, text in texts if x > 0 and y >= 0}
    kinds = [text for x, _, text in texts if x < 0]
    dots = [(line.get_xdata()[0], line.get_markerfacecolor()) for line in marks(axes, "o")]
    for x, name in heads.items():
        fills = [mpl.colors.to_hex(fill) for place, fill in dots if place == x]
        unknown = sum(1 for (place, _), text in cells.items() if place == x and text == "?")
        none = fills.count("#ffffff")
        yield (f"{name} has {len(fills) - none} on record, {none} known to be none in force and {unknown} not known")
    said = {x: [text for (place, _), text in sorted(cells.items()) if place == x and text != "?"] for x in heads}
    for number, kind in enumerate(kinds):
        parts = "; ".join(f"{name} {said[x][number]}" for x, name in heads.items())
        yield f"{kind[:1].upper()}{kind[1:]}: {parts}"
    yield f"{len(kinds)} kinds of tie"


@reads("memberships")
def _memberships(figure: Any) -> Iterator[str]:
    states = rows(figure.axes[0])
    start, end = figure.axes[0].get_xlim()
    yield f"one row for each of {len(states)} states"
    yield f"{day(start)} to {day(end)}"
    yield f"Left from {day(start)} on"
    yield f"on {day(end)}, of {len(states)} states"
    for axes in figure.axes:
        name = words(axes)[0]
        spells = [bar for bar in bars(axes, hatched=False) if colour(bar) != "#ffffff"]
        yield f"{name} {sum(bar.get_x() + bar.get_width() == end for bar in spells)}"
        left = [
            f"{states[line.get_ydata()[0]]} ({num2date(line.get_xdata()[0]):%-d %b %Y})" for line in marks(axes, "X")
        ]
        if left:
            yield f"{name}: {', '.join(left)}"
        suspended = [states[middle(bar)[1]] for bar in bars(axes, hatched=True)]
        yield from (f"{state} ({name})" for state in suspended)
        partial = [bar for bar in bars(axes, hatched=False) if colour(bar) == "#ffffff" and bar.get_alpha() is None]
        for bar in partial:
            head = "Associates" if bar.get_height() > 0.3 else "Observers"
            yield f"{head}, who are no members and not counted"
            yield f"{states[middle(bar)[1]]} ({name}"


@reads("sensitivity")
def _sensitivity(figure: Any) -> Iterator[str]:
    (axes,) = figure.axes
    ends = {line.get_ydata()[0]: line.get_xdata() for line in marks(axes, "None") if len(set(line.get_ydata())) == 1}
    dots = {line.get_ydata()[0]: line.get_xdata()[0] for line in marks(axes, "o", "D")}
    for (height, name), text in zip(rows(axes).items(), words(axes), strict=True):
        told = f"({interval(*ends[height])})" if height in ends else "(too few events)"
        yield f"{name.capitalize()}: {signed(dots[height])} {told}, {text.rpartition(', ')[2]}"
    yield beside(r"from −1|to \+1")


@reads("portfolio")
def _portfolio(figure: Any) -> Iterator[str]:
    axes, side = figure.axes
    dots = {round(line.get_ydata()[0], 3): line.get_xdata()[0] for line in marks(axes, "o")}
    (mean,) = marks(axes, "D")
    yield f"Mean {signed(mean.get_xdata()[0])}"
    unknown = [text.get_position()[1] for text in axes.texts if text.get_text() == "?"]
    texts = [(round(text.get_position()[1], 3), " ".join(text.get_text().split())) for text in side.texts]
    for height, name in rows(axes).items():
        if height in dots:
            own = [text for y, text in texts if abs(y - height) < 0.15]
            pairs = "; ".join(f"{power} {strength}" for power, strength in zip(own[::2], own[1::2], strict=True))
            yield f"{name}: {signed(dots[height])} ({pairs})"
        elif height in [round(one, 3) for one in unknown]:
            yield f"{name}: not known"
    yield beside(r"from −1|to \+1")


@reads("portfolios")
def _portfolios(figure: Any) -> Iterator[str]:
    (axes,) = figure.axes
    states = rows(axes)
    cells = [(*text.get_position(), " ".join(text.get_text().split())) for text in axes.texts]
    heads = [text for _, y, text in cells if y == 4.0]
    grid = {height: [text for x, y, text in sorted(cells) if y == height] for height in states}
    yield f"{len(states)} states by {len(heads) - 1} dimensions"
    for height, name in states.items():
        yield f"{name}: mean {grid[height][-1]}"
    first, name = next(iter(states.items()))
    told = [text.replace("?", "not known") for text in grid[first][:-1]]
    yield f"{name} by dimension: " + "; ".join(f"{head} {text}" for head, text in zip(heads, told, strict=False))
    yield beside(r"from −1|to \+1")


@reads("votes")
def _votes(figure: Any) -> Iterator[str]:
    (axes,) = figure.axes
    votes = {"Y": "yes", "N": "no", "A": "abstain", "–": "absent", "?": "not known"}
    cells = sorted((x, y, line.get_label()) for line in axes.lines for x, y in line.get_xydata().tolist())
    for height, name in rows(axes).items():
        yield f"{name}: {', '.join(votes[letter] for _, y, letter in cells if y == height)}."
    calls = sum("\n" in text.get_text() for text in axes.texts)
    yield f"{len(rows(axes))} states by {calls} roll calls"


@reads("brokerage")
def _brokerage(figure: Any) -> Iterator[str]:
    states = {height: name.partition(" · ")[0] for height, name in rows(figure.axes[0]).items()}
    totals = defaultdict(float)
    for axes in figure.axes:
        for bar in axes.patches:
            totals[round(bar.get_y())] += bar.get_width()
        chance = min(marks(axes, "|"), key=lambda line: line.get_ydata()[0]).get_xdata()[0]
        own = next(bar.get_width() for bar in axes.patches if round(bar.get_y()) == 0)
        yield f"{words(axes)[0].lower()} {plain(own)} (by chance {plain(chance)}, p "
    (_, name), *others = states.items()
    yield f"each of {len(states)} states"
    yield f"{name} stands {plain(totals[0])} times between two others"
    yield from (f"{other}: {plain(totals[round(height)])} in all" for height, other in others)
    yield beside(r"\d\.\d{2,3}(?=\))")


@reads("ports")
def _ports(figure: Any) -> Iterator[str]:
    tallest = 0.0
    for axes in figure.axes:
        port = words(axes)[0].partition(",")[0]
        (line, *_) = [one for one in axes.lines if one.get_marker() == "None"]
        years, amounts = line.get_xdata(), line.get_ydata()
        tallest = max(tallest, *(max(one.get_ydata()) for one in axes.lines))
        yield f"{port}: {plain(amounts[-1])} in {years[-1]:.0f}"
        if len(years) > 1:
            yield f"Between {years[0]:.0f} and {years[-1]:.0f} {port} went from {plain(amounts[0])} to {plain(amounts[-1])}"
    yield f"upwards from 0 to {plain(tallest)} million tonnes"


@reads("transit")
def _transit(figure: Any) -> Iterator[str]:
    (turn, *_) = [one.removeprefix("before ") for one in words(figure.axes[0]) if one.startswith("before ")]
    yield f"No whole year is known for the time after {turn}"
    for axes in figure.axes:
        name = words(axes)[0].removeprefix("To ")
        for height, port in rows(axes).items():
            town, _, through = port.partition(", ")
            amounts = [bar.get_width() for bar in bars(axes) if middle(bar)[1] == height]
            least = [line.get_xdata()[0] for line in axes.lines if len(set(line.get_xdata())) == 1]
            (text, *_) = [one for one in words(axes)[1:] if re.search(r"\d (t|Mt)|%", one)]
            for amount in amounts:
                told = " to ".join(
                    f"{one:.2f} Mt" if amount >= 1 else f"{1e6 * one:,.0f} t" for one in [*least, amount]
                )
                yield f"{name} by {town}: {told} ({re.search(r'[(]([0-9]{4})[)]', text)[1]})"
            if share := re.search(r"(\d+) % (\(.*?\))", text.replace("\N{NO-BREAK SPACE}", " ")):
                yield f"{name} {share[1]} % through {through} {share[2]}"


@reads("shifts")
def _shifts(figure: Any) -> Iterator[str]:
    for axes in figure.axes:
        name, text = words(axes)
        levels = [line.get_ydata()[0] for line in labelled(axes, "level")]
        changes = [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"]
        quarters = [bar for bar in axes.patches if bar.get_y() == 0 and bar.get_label() == "_nolegend_"]
        number = re.search(r"(\d+) event", text)[1]
        for change, before, after in zip(changes, levels[:-1], levels[1:], strict=True):
            yield f"With {name} the level changes in {month(change)}, from {signed(before, 1)} to {signed(after, 1)}"
        if levels and not changes:
            yield f"With {name} no change of level is found in {number} events"
        if not levels:
            used = sum(bool(bar.get_height()) for bar in quarters)
            yield f"With {name} there are too few events to say ({number} event, in {used} of {len(quarters)} quarters)"
    yield f"{month(quarters[0].get_x())} to {month(quarters[-1].get_x() + 80)}"
    yield beside(r"in 96 % of the resamples|Each quarter holds 0 to 1 event")


@reads("pressure")
def _pressure(figure: Any) -> Iterator[str]:
    home, *powers = figure.axes
    floors = sorted(line.get_ydata()[0] for line in home.lines)
    names = [text for text in words(home) if not text.isdecimal() and "events" not in text]
    amounts, by_quarter = defaultdict(float), defaultdict(float)
    for x, low, high in _columns(home):
        floor = max(one for one in floors if one <= low + 1e-6)
        amounts[names[floors.index(floor)]] += high - low
        if "releases" not in names[floors.index(floor)]:
            by_quarter[x] += high - low
    yield from (f"{name} {plain(amounts[name])}" for name in names)
    heaviest = max(by_quarter, key=lambda x: (by_quarter[x], -x))
    yield f"begins in {month(heaviest)} has most pressure, {plain(by_quarter[heaviest])}"
    for axes in powers:
        up = sum(high - low for _, low, high in _columns(axes) if high > 0)
        down = sum(high - low for _, low, high in _columns(axes) if high <= 0)
        (name,) = [text for text in words(axes) if text.isalpha()]
        yield (
            f"With {name}: {plain(up)} of cooperation, {plain(down)} of conflict"
            if up or down
            else f"With {name}: no events gathered"
        )
    yield from (day(limit) for limit in home.get_xlim())


def _columns(axes: Any) -> Iterator[tuple[float, float, float]]:
    for collection in axes.collections:
        for path in collection.get_paths():
            (x, _), *_ = path.vertices
            yield float(x), float(path.vertices[:, 1].min()), float(path.vertices[:, 1].max())


@reads("epochs")
def _epochs(figure: Any) -> Iterator[str]:
    (title, *notes) = [text.get_text() for text in figure.texts if re.search(r"\d epochs", text.get_text())]
    for axes in figure.axes:
        for line in labelled(axes, "mean"):
            lags, means = line.get_xdata(), line.get_ydata()
            (rest,) = [one.get_ydata()[0] for one in axes.lines if one.get_linestyle() == "--"]
            name, _, p = words(axes)[-1].partition(", ")
            yield (
                f"{title}, engagement with {name}: {signed(means[lags >= 0].mean())} points a month from the event to "
                f"{max(lags):.0f} months after it, {signed(rest)} in the rest ({p})"
            )
            yield f"from {signed(min(lags), 0)} to {signed(max(lags), 0)} around an event"
    yield from notes


@reads("quality_coverage")
def _quality_coverage(figure: Any) -> Iterator[str]:
    years = [round(middle(bar)[0]) for axes in figure.axes for bar in axes.patches]
    for axes in figure.axes:
        name = words(axes)[-2]
        heights = {round(middle(bar)[0]): bar.get_height() for bar in axes.patches if bar.get_height() > 0}
        files = [bar for bar in axes.patches if bar.get_height() < 0 and colour(bar) != "#ffffff"]
        most = max(heights, key=heights.get)
        yield f"{name}: {sum(heights.values()):,.0f} events, most in {most} ({heights[most]:,.0f}); files for {len(files)} years"
    yield f"{min(years)} to {max(years)}"


@reads("quality_actors")
def _quality_actors(figure: Any) -> Iterator[str]:
    (axes,) = figure.axes
    legend = axes.get_legend()
    names = [text.get_text() for text in legend.get_texts()]
    fills = [colour(handle) for handle in legend.legend_handles]
    numbers = [text.removeprefix("n = ") for text in words(axes) if text.startswith("n = ")]
    for (height, source), number in zip(rows(axes).items(), numbers, strict=True):
        widths = {colour(bar): bar.get_width() for bar in axes.patches if middle(bar)[1] == height}
        parts = ", ".join(f"{name} {100 * widths[fill]:.0f} %" for name, fill in zip(names, fills, strict=True))
        yield f"{source}, {number} events: {parts}"


@reads("quality_rejects")
def _quality_rejects(figure: Any) -> Iterator[str]:
    (axes,) = figure.axes
    for bar, name in zip(axes.patches, rows(axes).values(), strict=True):
        yield f"{name.replace(': ', ', ', 1)}: {bar.get_width():,.0f}"
    yield f"in all {sum(bar.get_width() for bar in axes.patches):,.0f} rejected rows"


@reads("quality_overlap")
def _quality_overlap(figure: Any) -> Iterator[str]:
    yield f"one lane for each of {len(figure.axes)} comparisons"
    for axes in figure.axes:
        up, down, one, subject, other, told = words(axes)
        above = sum(bar.get_height() for bar in axes.patches if bar.get_height() > 0) * float(up)
        below = -sum(bar.get_height() for bar in axes.patches if bar.get_height() < 0) * float(down)
        first, last = (month(pick(bar.get_x() for bar in axes.patches)) for pick in (min, max))
        said = re.sub(r" \d+ months$", "", told)
        yield (f"{subject}, {first} to {last}: {one} {_events(above)}, {other} {_events(below)}; {said}")


def _events(number: float) -> str:
    return f"{number:.0f} event" + ("" if round(number) == 1 else "s")


@reads("claim_dates")
def _claim_dates(figure: Any) -> Iterator[str]:
    (axes,) = figure.axes
    yield " to ".join(day(limit) for limit in axes.get_xlim())
    questions = {text.xy[1]: text.get_text() for text in axes.texts if getattr(text, "xy", None) and text.xy[0] == 0}
    heads = {height: text for height, text in questions.items() if text.endswith("?")}
    strokes = [line for line in axes.lines if line.get_alpha() and line.get_linewidth() == 2]
    leads = next(iter(strokes)).get_color()
    for height, question in heads.items():
        until = min([one for one in heads if one > height], default=np.inf)
        rows_of = [one for one in questions if height < one < until]
        own = [line for line in strokes if height < line.get_ydata()[0] < until]
        saying = {
            is_leading: {
                min(rows_of, key=lambda row: abs(row - line.get_ydata()[0]))
                for line in own
                if (line.get_color() == leads) == is_leading
            }
            for is_leading in (True, False)
        }
        start, end = own[0].get_xdata()
        when = day(start) if start == end else f"{day(start)} to {day(end)}"
        number = len(saying[True])
        yield f"{question} {when} by {number} origin" + ("" if number == 1 else "s")
        if others := len(saying[False]):
            yield f"Another time by {others} origin" + ("" if others == 1 else "s")
    for text in axes.texts:
        if text.get_text().isdecimal() and text.get_color() == "#B34700":
            yield f"{text.get_text()} names a time that the leading version excludes"
