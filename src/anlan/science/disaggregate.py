"""Split hourly rain into five-minute rain without losing any."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv

Floats = NDArray[np.float64]

PARTS = 12
CASCADE_DRAWS = 11


def disaggregate_hourly(hourly_mm: ArrayLike, *, weights: ArrayLike) -> Floats:
    """Return the five-minute rain, shape (12 H,), of hourly rain of shape (H,), both in mm.

    `weights` has shape (H, 12), not negative, in any unit; an hour whose weights are all 0 is
    split evenly. The twelve parts of each hour sum to the hour; an hour of NaN gives twelve NaN.
    Raises ValueError for other shapes, and for negative rain or weights.
    """
    hours = np.asarray(hourly_mm, dtype=np.float64)
    parts = np.array(weights, dtype=np.float64)
    if hours.ndim != 1 or parts.shape != (hours.size, PARTS):
        raise ValueError("weights are twelve for each hour")
    if np.any(hours < 0) or not np.all(parts >= 0):
        raise ValueError("neither rain nor weights are negative")
    totals = parts.sum(axis=1, keepdims=True)
    parts = np.where(totals > 0, parts, 1.0)
    shares = parts / parts.sum(axis=1, keepdims=True)
    five_minutes = shares * hours[:, np.newaxis]
    # The largest part takes what rounding left over.
    rows, largest = np.arange(hours.size), shares.argmax(axis=1)
    five_minutes[rows, largest] += hours - five_minutes.sum(axis=1)
    return np.asarray(np.maximum(five_minutes, 0.0).ravel(), dtype=np.float64)


def cascade_weights(
    draws: ArrayLike, *, concentration: float = 3.0, dry_chance: float = 0.04
) -> Floats:
    """Return the shares, shape (H, 12), of a microcanonical random cascade, each row of sum 1.

    `draws` has shape (H, 11), uniform in (0, 1), and is the only source of chance: one draw
    splits the hour into halves, two split these into quarters, eight split the quarters into
    three parts of 5 minutes. A binary split gives all to one side with `dry_chance` for either
    side, else x and 1 - x with x from a symmetric Beta(a, a), a = `concentration`; a split in
    three is Dirichlet(a, a, a) by breaking a stick twice. Larger `concentration` is smoother.
    Raises ValueError for other shapes, and draws or parameters out of range.
    Source: Olsson (1998), Hydrol. Earth Syst. Sci. 2, 19-30, with the branching 2, 2, 3.
    """
    chance = np.asarray(draws, dtype=np.float64)
    if chance.ndim != 2 or chance.shape[1] != CASCADE_DRAWS:
        raise ValueError(f"the cascade takes {CASCADE_DRAWS} draws an hour")
    if not np.all((chance > 0) & (chance < 1)):
        raise ValueError("draws lie between 0 and 1")
    if concentration <= 0 or not 0 <= dry_chance < 0.5:
        raise ValueError("concentration is positive and the dry chance below one half")
    rule = {"concentration": concentration, "dry_chance": dry_chance}
    halves = _split_in_two(np.ones((chance.shape[0], 1)), chance=chance[:, :1], **rule)
    quarters = _split_in_two(halves, chance=chance[:, 1:3], **rule)
    first = betaincinv(concentration, 2 * concentration, chance[:, 3:7])
    second = (1 - first) * betaincinv(concentration, concentration, chance[:, 7:])
    thirds = np.stack([first, second, 1 - first - second], axis=2)
    shares = (quarters[:, :, np.newaxis] * np.maximum(thirds, 0.0)).reshape(-1, PARTS)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float64)


def ramp_weights(hourly_mm: ArrayLike) -> Floats:
    """Return weights, shape (H, 12), that follow the straight lines between the hours' middles.

    Multiply them with cascade weights, so that one hour runs into the next; the split by
    `disaggregate_hourly` conserves each hour all the same. `hourly_mm` has shape (H,), in mm; a
    missing hour counts as 0. A dry hour has even weights.
    """
    hours = np.nan_to_num(np.asarray(hourly_mm, dtype=np.float64))
    if hours.ndim != 1:
        raise ValueError("hourly rain has one axis")
    if not hours.size:
        return np.zeros((0, PARTS))
    middles = np.arange(hours.size) + 0.5
    moments = (np.arange(hours.size * PARTS) + 0.5) / PARTS
    weights = np.interp(moments, middles, hours).reshape(-1, PARTS)
    weights[hours <= 0] = 1.0
    return np.asarray(weights / weights.mean(axis=1, keepdims=True), dtype=np.float64)


def _split_in_two(
    parents: Floats, *, chance: Floats, concentration: float, dry_chance: float
) -> Floats:
    """Return the children of every parent side by side, shape (H, 2 n), for parents (H, n)."""
    inner = np.clip((chance - dry_chance) / (1 - 2 * dry_chance), 0.0, 1.0)
    left = parents * betaincinv(concentration, concentration, inner)
    return np.stack([left, parents - left], axis=2).reshape(parents.shape[0], -1)
