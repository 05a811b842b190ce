"""How far a figure reaches, noted while it is drawn."""

from __future__ import annotations

import math
from typing import IO, Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path, get_path_collection_extents
from matplotlib.transforms import Transform
from numpy.typing import NDArray

DPI = 72
"""Dots per inch of SVG, whose unit is the point."""


class ReachRenderer(RendererSVG):
    """Draws as matplotlib does, and notes the box of each thing that it draws, without the width of its lines."""

    def __init__(self, width: float, height: float, stream: IO[str], **options: Any) -> None:
        super().__init__(width, height, stream, **options)
        self._boxes: list[tuple[float, float, float, float]] = []

    def find_edges(self, margin: float) -> tuple[float, float, float, float]:
        """Find the left, bottom, right and top of what was drawn, and a margin, in points; all there is if nothing."""
        if not self._boxes:
            return 0.0, 0.0, self.width, self.height
        left, bottom, right, top = zip(*self._boxes, strict=True)
        return min(left) - margin, min(bottom) - margin, max(right) + margin, max(top) + margin

    def _note(self, gc: GraphicsContextBase, left: float, bottom: float, right: float, top: float) -> None:
        """Note a box that something was drawn in, as far as it is not cut off."""
        if (clip := gc.get_clip_rectangle()) is not None:
            left, bottom, right, top = max(left, clip.x0), max(bottom, clip.y0), min(right, clip.x1), min(top, clip.y1)
        if left <= right and bottom <= top:
            self._boxes.append((left, bottom, right, top))

    def _note_points(self, gc: GraphicsContextBase, points: NDArray[np.float64], around: float = 0.0) -> None:
        """Note points that something was drawn at, and what is around each."""
        known = points[np.isfinite(points).all(axis=1)]
        if len(known):
            (left, bottom), (right, top) = known.min(axis=0).tolist(), known.max(axis=0).tolist()
            self._note(gc, left - around, bottom - around, right + around, top + around)

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Transform, *looks: Any, **more: Any) -> None:
        """Draw a path."""
        super().draw_path(gc, path, transform, *looks, **more)
        self._note_points(gc, transform.transform(_corners(path)))

    def draw_markers(self, gc: GraphicsContextBase, marker_path: Path, marker_trans: Transform, path: Path,
                     trans: Transform, *looks: Any, **more: Any) -> None:  # fmt: skip
        """Draw a mark at each point of a path."""
        super().draw_markers(gc, marker_path, marker_trans, path, trans, *looks, **more)
        marker = marker_trans.transform(_corners(marker_path))
        self._note_points(gc, trans.transform(_corners(path)), float(np.abs(marker).max(initial=0.0)))

    def draw_path_collection(self, gc: GraphicsContextBase, master_transform: Transform, paths: Any,
                             all_transforms: Any, offsets: Any, offset_trans: Transform,
                             *looks: Any, **more: Any) -> None:  # fmt: skip
        """Draw many paths, each at its places."""
        super().draw_path_collection(gc, master_transform, paths, all_transforms, offsets, offset_trans, *looks, **more)
        if len(paths):
            scale: Any = master_transform.frozen()
            move: Any = offset_trans.frozen()
            box = get_path_collection_extents(scale, paths, all_transforms, offsets, move)
            self._note_points(gc, box.get_points())

    def draw_gouraud_triangles(self, gc: GraphicsContextBase, triangles_array: Any, colors_array: Any,
                               transform: Transform) -> None:  # fmt: skip
        """Draw triangles whose colours run into each other."""
        super().draw_gouraud_triangles(gc, triangles_array, colors_array, transform)
        self._note_points(gc, transform.transform(np.reshape(triangles_array, (-1, 2))))

    def draw_image(self, gc: GraphicsContextBase, x: float, y: float, im: Any, transform: Any = None) -> None:
        """Draw a picture made of dots."""
        super().draw_image(gc, x, y, im, transform)
        up, across = np.shape(im)[:2]
        square = np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
        size = np.array([across, up]) * DPI / self.image_dpi
        self._note_points(gc, (square * size if transform is None else transform.transform(square)) + np.array([x, y]))

    def draw_text(self, gc: GraphicsContextBase, x: float, y: float, s: str, prop: FontProperties, angle: float,
                  ismath: Any = False, *looks: Any, **more: Any) -> None:  # fmt: skip
        """Draw a line of text."""
        super().draw_text(gc, x, y, s, prop, angle, ismath, *looks, **more)
        width, height, depth = self.get_text_width_height_descent(s, prop, ismath)
        cos, sin, rise = math.cos(math.radians(angle)), math.sin(math.radians(angle)), height - depth
        (left, right), (bottom, top) = sorted((0.0, width * cos)), sorted((0.0, width * sin))
        (before, after), (below, above) = sorted((-rise * sin, depth * sin)), sorted((-depth * cos, rise * cos))
        y = self.height - y
        self._note(gc, x + left + before, y + bottom + below, x + right + after, y + top + above)


def _corners(path: Path) -> NDArray[np.float64]:
    """The points that a path lies between; those of curves may lie farther out."""
    points, codes = path.vertices, path.codes
    return points if codes is None else points[codes != Path.CLOSEPOLY]  # type: ignore[return-value, index]
