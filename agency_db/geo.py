"""Distances on the ground."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_EARTH_RADIUS_M = 6_371_008.8
_STEP_M = 500


def distances_m(
    origin: tuple[float, float], points: Sequence[tuple[float, float] | None] | npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Great-circle metres from `origin` to each of `points` (latitude, longitude in degrees; NaN or None gives NaN)."""
    if isinstance(points, np.ndarray):
        array = points
    else:
        array = np.array([p if p is not None else (np.nan, np.nan) for p in points], dtype=np.float64).reshape(-1, 2)
    lat1, lng1 = np.radians(origin)
    lat2, lng2 = np.radians(array[:, 0]), np.radians(array[:, 1])
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lng2 - lng1) / 2) ** 2
    result: npt.NDArray[np.float64] = 2 * _EARTH_RADIUS_M * np.arcsin(np.sqrt(half))
    return result


def shown_distance(metres: float) -> int | None:
    """Rounded to 500 m as the contract says; None for an unknown distance (NaN)."""
    return None if np.isnan(metres) else int(_STEP_M * np.floor(metres / _STEP_M + 0.5))
