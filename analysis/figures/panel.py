"""Axes that make a tick when one is to be shown, and further ticks by copying it.

Matplotlib makes four ticks of five artists each for every new pair of axes, most of which are never drawn, and builds
each further tick anew only to give it the looks of the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis, Tick, XAxis, YAxis
from matplotlib.patches import Rectangle
from matplotlib.transforms import Transform

_TICKS = ("majorTicks", "minorTicks")
_LINES, _WORDS = ("tick1line", "tick2line", "gridline"), ("label1", "label2")


class _LateAxis(Axis):
    """An axis whose settings and clipping wait for its ticks, instead of making one of each kind to be told to."""

    _is_being_drawn = False

    def set_tick_params(self, which: Any = "major", reset: bool = False, **kwargs: Any) -> None:
        with self._as_they_are():
            super().set_tick_params(which, reset, **kwargs)

    def set_clip_path(self, path: Any, transform: Any = None) -> None:
        with self._as_they_are():
            super().set_clip_path(path, transform)

    def get_major_ticks(self, numticks: int | None = None) -> list[Tick]:
        count = len(self.get_majorticklocs()) if numticks is None else numticks
        while count and len(self.majorTicks) < count:
            self.majorTicks.append(_copy_tick(self.majorTicks[0]))
        return super().get_major_ticks(count) if count else []

    def get_minor_ticks(self, numticks: int | None = None) -> list[Tick]:
        count = len(self.get_minorticklocs()) if numticks is None else numticks
        return super().get_minor_ticks(count) if count else []

    def _get_tick(self, major: bool) -> Tick:
        tick = super()._get_tick(major)  # type: ignore[misc]
        tick.set_clip_path(self.axes.patch)
        return tick

    def _get_ticklabel_bboxes(self, ticks: list[Tick], renderer: Any) -> tuple[list[Any], list[Any]]:
        # Asked for at every drawing, to place a label and an offset that most axes do not have.
        formatter = self.major.formatter
        if self._is_being_drawn and not self.get_label_text() and not (formatter and formatter.get_offset()):
            return [], []
        return super()._get_ticklabel_bboxes(ticks, renderer)  # type: ignore[misc]

    def draw(self, renderer: Any) -> None:
        self._is_being_drawn = True
        try:
            super().draw(renderer)
        finally:
            self._is_being_drawn = False

    def _update_label_position(self, renderer: Any) -> None:
        if self.get_label_text():
            with self._as_they_are():
                super()._update_label_position(renderer)  # type: ignore[misc]

    @contextmanager
    def _as_they_are(self) -> Iterator[None]:
        """Let ticks that are not made yet be none, rather than be made by being asked for."""
        missing = [name for name in _TICKS if name not in vars(self)]
        for name in missing:
            setattr(self, name, [])
        try:
            yield
        finally:
            for name in missing:
                vars(self).pop(name, None)


def _copy_tick(tick: Tick) -> Tick:
    copied = _copy(tick)
    for name in (*_LINES, *_WORDS):
        setattr(copied, name, _copy(getattr(tick, name)))
    for name in _WORDS:
        label = getattr(copied, name)
        label.set_fontproperties(label.get_fontproperties())  # which copies them
    return copied


def _copy(artist: Any) -> Any:
    """An artist of the same looks; what it holds is replaced when either is changed, not changed itself."""
    copied = artist.__class__.__new__(artist.__class__)
    vars(copied).update(vars(artist))
    return copied


class _LateXAxis(_LateAxis, XAxis):
    pass


class _LateYAxis(_LateAxis, YAxis):
    pass


class _Background(Rectangle):
    """The whole of some axes, which clips what they hold: no need to work out where it lies for each artist anew."""

    def get_transform(self) -> Transform:
        return Artist.get_transform(self)


class Panel(Axes):
    """Axes for a figure of the house, drawn as any others."""

    def _init_axis(self) -> None:
        self.xaxis, self.yaxis = _LateXAxis(self, clear=False), _LateYAxis(self, clear=False)
        for side, axis in (("bottom", self.xaxis), ("top", self.xaxis), ("left", self.yaxis), ("right", self.yaxis)):
            self.spines[side].register_axis(axis)

    def _gen_axes_patch(self) -> Rectangle:
        return _Background((0.0, 0.0), 1.0, 1.0)

    def clear(self) -> None:
        """Take everything off the axes."""
        super().clear()
        for spine in self.spines.values():
            spine.get_spine_transform()  # finds its place, which it else does not before a tick is made
