"""Compiled loops of the fire weather index: loaded by fire_weather.py when it is first asked.

Loading this module imports numba and compiles, which takes seconds, or loads what an earlier
process compiled and left in the cache folder. Nothing else imports it, so that a program which
merely starts does not wait. A cache folder that is absent or cannot be written is done without.

What is slow about the equations is some 12 exponentials, 8 powers and 5 logarithms a cell and
day: the C library gives them one at a time. But only rain acts on yesterday's codes in a way that
needs them. So a block of days goes through three steps: what depends on today's weather alone,
in vectors over days and cells; the codes from day to day, without an exponential on a dry day;
the indices, again in vectors. The compiler makes vectors of `_exp` and `_log` below because they
are plain arithmetic, and of a loop if it writes one array and reads few.
"""

from collections.abc import Callable
from pickle import UnpicklingError
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Function = TypeVar("Function", bound=Callable[..., Any])

# A multiplication and an addition may become one instruction; nothing else is loosened.
OPTIONS: dict[str, Any] = {"nogil": True, "fastmath": {"contract"}, "error_model": "numpy"}

# 250 x 59.5 / 101 with the digits of cffdrs, by which the published series was made: with it 0 and
# 101, the ends of the FFMC scale, are 250 % and 0 % of moisture.
MOISTURE = 147.27723


def compiled(signature: str) -> Callable[[Function], Function]:
    """Return a decorator that compiles for one signature, through the cache where there is one."""

    def compile_now(function: Function) -> Function:
        try:
            made = njit(signature, cache=True, **OPTIONS)(function)
        except (RuntimeError, OSError, EOFError, UnpicklingError):
            # No folder that can be written, no room on the disk, or half a file from a power cut.
            made = njit(signature, **OPTIONS)(function)
        return cast(Function, made)

    return compile_now


def inlined(function: Function) -> Function:
    """Return the function in a form that compiled loops take in."""
    return cast(Function, njit(inline="always", **OPTIONS)(function))


@inlined
def _exp(x: float) -> float:
    """Return e to the power of x, right to the last digit or one beside it.

    x = n ln 2 + r, |r| <= ln 2 / 2: the series of e^r up to r^12 is off by less than 2e-16, and n
    goes into the exponent's bits. Adding and taking away 1.5 x 2^52 rounds to a whole number.
    Source: Cody and Waite (1980), Software Manual for the Elementary Functions, chapter 6.
    """
    bounded = min(max(x, -700.0), 700.0)
    shifted = bounded * 1.4426950408889634 + 6755399441055744.0
    n = shifted - 6755399441055744.0
    r = bounded - n * 0.6931471803691238
    r = r - n * 1.9082149292705877e-10
    series = r * (1.0 / 479001600.0) + 1.0 / 39916800.0
    series = series * r + 1.0 / 3628800.0
    series = series * r + 1.0 / 362880.0
    series = series * r + 1.0 / 40320.0
    series = series * r + 1.0 / 5040.0
    series = series * r + 1.0 / 720.0
    series = series * r + 1.0 / 120.0
    series = series * r + 1.0 / 24.0
    series = series * r + 1.0 / 6.0
    series = series * r + 0.5
    series = series * r + 1.0
    series = series * r + 1.0
    exponent = (np.float64(shifted).view(np.int64) + 1023) << 52
    return float(series * np.int64(exponent).view(np.float64))


@inlined
def _log(x: float) -> float:
    """Return the natural logarithm of a positive x; that of 1e-300 for 0 and below.

    x = 2^n m, m between sqrt(1/2) and sqrt(2): ln m = 2 (s + s^3/3 + s^5/5 + ...) with
    s = (m - 1) / (m + 1), up to s^21. Source: as for `_exp`, chapter 5.
    """
    bits = np.float64(max(x, 1e-300)).view(np.int64)
    n = np.int64((bits >> 52) + 0x4330000000000000).view(np.float64) - 4503599627371519.0
    m = np.int64((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000).view(np.float64)
    is_large = m > 1.4142135623730951
    m = 0.5 * m if is_large else m
    n = n + 1.0 if is_large else n
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    series = z * (1.0 / 21.0) + 1.0 / 19.0
    series = series * z + 1.0 / 17.0
    series = series * z + 1.0 / 15.0
    series = series * z + 1.0 / 13.0
    series = series * z + 1.0 / 11.0
    series = series * z + 1.0 / 9.0
    series = series * z + 1.0 / 7.0
    series = series * z + 1.0 / 5.0
    series = series * z + 1.0 / 3.0
    return n * 0.6931471803691238 + (2.0 * s + (2.0 * s * z * series + n * 1.9082149292705877e-10))


@inlined
def _power(x: float, exponent: float) -> float:
    """Return x to a power for x of 0 or more."""
    return _exp(exponent * _log(x))


@inlined
def _equilibrium(t: float, h: float, factor: float, exponent: float, summand: float) -> float:
    """Return the moisture at which fine fuel stays, equations 4 (drying) and 5 (wetting)."""
    wet = summand * _exp(0.1 * h - 10.0)
    return factor * _power(h, exponent) + wet + 0.18 * (21.1 - t) * (1.0 - _exp(-0.115 * h))


@inlined
def _share_kept(t: float, share: float, w: float) -> float:
    """Return 10^-k, equations 6 (share = H / 100) and 7 (share = 1 - H / 100)."""
    fourth = share * share * share * share
    k0 = 0.424 * (1.0 - _power(share, 1.7)) + 0.0694 * np.sqrt(w) * (1.0 - fourth * fourth)
    return _exp(-2.302585092994046 * 0.581 * k0 * _exp(0.0365 * t))


@inlined
def _fine_fuel_rain(moisture: float, rain: float) -> float:
    """Return the moisture of fine fuel after rain in mm, equations 2 and 3."""
    if not rain > 0.5:
        return moisture
    rf = rain - 0.5
    gain = 42.5 * rf * _exp(-100.0 / (251.0 - moisture)) * (1.0 - _exp(-6.93 / rf))
    if moisture > 150.0:
        gain += 0.0015 * (moisture - 150.0) ** 2 * np.sqrt(rf)
    return min(moisture + gain, 250.0)


@inlined
def _fine_fuel(
    ffmc: float, rain: float, dry: float, dry_kept: float, wet: float, wet_kept: float
) -> float:
    """Return the fine fuel moisture code of the day, equations 1 to 10."""
    start = min(MOISTURE * (101.0 - ffmc) / (59.5 + ffmc), 250.0)
    moisture = _fine_fuel_rain(start, rain)
    if moisture > dry:
        moisture = dry + (moisture - dry) * dry_kept
    elif moisture < wet:
        moisture = wet - (wet - moisture) * wet_kept
    return min(max(59.5 * (250.0 - moisture) / (MOISTURE + moisture), 0.0), 101.0)


@inlined
def _duff_rain(dmc: float, rain: float) -> float:
    """Return the duff moisture code after rain in mm, equations 11 to 15."""
    if not rain > 1.5:
        return dmc
    rw = 0.92 * rain - 1.27
    if dmc <= 33.0:
        b = 100.0 / (0.5 + 0.3 * dmc)
    elif dmc <= 65.0:
        b = 14.0 - 1.3 * _log(dmc)
    else:
        b = 6.2 * _log(dmc) - 17.2
    moisture = 280.0 * _exp(-0.023 * dmc) + 1000.0 * rw / (48.77 + b * rw)
    return max(43.43 * (5.6348 - _log(moisture)), 0.0)


@inlined
def _drought_rain(dc: float, rain: float) -> float:
    """Return the drought code after rain in mm, equations 18 to 21."""
    if not rain > 2.8:
        return dc
    rd = 0.83 * rain - 1.27
    return max(dc - 400.0 * _log(1.0 + 3.937 * rd / 800.0 * _exp(dc / 400.0)), 0.0)


@inlined
def _spread(ffmc: float, w: float) -> float:
    """Return the initial spread index, equations 24 to 26."""
    m = MOISTURE * (101.0 - ffmc) / (59.5 + ffmc)
    return 0.208 * 91.9 * _exp(0.05039 * w - 0.1386 * m) * (1.0 + _power(m, 5.31) / 4.93e7)


@inlined
def _buildup(dmc: float, dc: float) -> float:
    """Return the buildup index, equation 27."""
    share = 0.8 * dc / (dmc + 0.4 * dc + 1e-300)
    low = dmc * share
    high = dmc - (1.0 - share) * (0.92 + _power(0.0114 * dmc, 1.7))
    return max(low if dmc <= 0.4 * dc else high, 0.0)


@inlined
def _fire_weather(isi: float, bui: float) -> float:
    """Return the fire weather index, equations 28 to 30."""
    low = 0.626 * _power(bui, 0.809) + 2.0
    high = 1000.0 / (25.0 + 108.64 * _exp(-0.023 * bui))
    b = 0.1 * isi * (low if bui <= 80.0 else high)
    steep = _exp(2.72 * _power(0.434 * _log(max(b, 1.0)), 0.647))
    return b if b <= 1.0 else steep


@compiled("b1(f8[:, ::1], f8[:, ::1])")
def is_out_of_range(weather: Floats, limits: Floats) -> bool:
    """Return whether a value of one of the four rows lies outside its limits, shape (4, 2)."""
    count = 0
    for row in range(4):
        low, high = limits[row, 0], limits[row, 1]
        for i in range(weather.shape[1]):
            count += (weather[row, i] < low) | (weather[row, i] > high)
    return count > 0


@compiled("void(f8[:, ::1], f8[:, ::1])")
def fill_fuel(fuel: Floats, weather: Floats) -> None:
    """Fill in the equilibrium and share kept in drying, and both in wetting: shape (4, N)."""
    t, h, w = weather[0], weather[1], weather[2]
    for i in range(t.size):
        fuel[0, i] = _equilibrium(t[i], h[i], 0.942, 0.679, 11.0)
    for i in range(t.size):
        fuel[1, i] = _share_kept(t[i], 0.01 * h[i], w[i])
    for i in range(t.size):
        fuel[2, i] = _equilibrium(t[i], h[i], 0.618, 0.753, 10.0)
    for i in range(t.size):
        fuel[3, i] = _share_kept(t[i], 1.0 - 0.01 * h[i], w[i])


@compiled("void(f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[:, ::1])")
def carry_codes(
    values: Floats, weather: Floats, fuel: Floats, drying: Floats, codes: Floats
) -> None:
    """Fill in rows 0 to 2 of the values, shape (6, N), and bring the codes, (3, cells), forward.

    N is days times cells, day after day. `drying` has day length and drought factor, (2, N).
    """
    cells = codes.shape[1]
    for begin in range(0, values.shape[1], max(cells, 1)):
        for cell in range(cells):
            i = begin + cell
            t, h, w, rain = weather[0, i], weather[1, i], weather[2, i], weather[3, i]
            if np.isnan(t + h + w + rain):
                values[0, i] = values[1, i] = values[2, i] = np.nan
                continue
            ffmc = _fine_fuel(codes[0, cell], rain, fuel[0, i], fuel[1, i], fuel[2, i], fuel[3, i])
            dry = 1.894e-4 * max(t + 1.1, 0.0) * (100.0 - h) * drying[0, i]
            dmc = _duff_rain(codes[1, cell], rain) + dry
            lost = 0.18 * (max(t, -2.8) + 2.8) + 0.5 * drying[1, i]
            dc = _drought_rain(codes[2, cell], rain) + max(lost, 0.0)
            values[0, i] = codes[0, cell] = ffmc
            values[1, i] = codes[1, cell] = dmc
            values[2, i] = codes[2, cell] = dc


@compiled("void(f8[:, ::1], f8[:, ::1])")
def fill_indices(values: Floats, weather: Floats) -> None:
    """Fill in rows 3 to 5 of the values, shape (6, N), from the codes in rows 0 to 2."""
    w = weather[2]
    for i in range(w.size):
        values[3, i] = _spread(values[0, i], w[i]) if values[0, i] >= 0.0 else np.nan
    for i in range(w.size):
        values[4, i] = _buildup(values[1, i], values[2, i]) if values[0, i] >= 0.0 else np.nan
    for i in range(w.size):
        values[5, i] = _fire_weather(values[3, i], values[4, i]) if values[0, i] >= 0.0 else np.nan
