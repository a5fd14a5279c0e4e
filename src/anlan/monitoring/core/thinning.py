"""Fewer gauges where there are more than a map can carry. Pure."""

import numpy as np

from anlan.monitoring.core.columns import Floats


def one_a_cell(places: Floats, values: Floats, *, most: int) -> tuple[Floats, Floats]:
    """Return places (N, 2) and values (N,) as at most `most` cells' means, all where they fit.

    The field between gauges costs the cube of their number; gauges of one cell say much the same.
    """
    if values.size <= most:
        return places, values
    low, high = places.min(axis=0), places.max(axis=0)
    side = int(np.sqrt(most))
    width = np.where(high > low, (high - low) / side, 1.0)
    cell = np.minimum(((places - low) / width).astype(np.int64), side - 1)
    _cells, place = np.unique(cell[:, 0] * side + cell[:, 1], return_inverse=True)
    count = np.bincount(place)
    means = [np.bincount(place, weights=column) / count for column in (*places.T, values)]
    return np.stack(means[:2], axis=1), means[2]
