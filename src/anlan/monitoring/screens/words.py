"""How pages say what stations measure, and since when."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from anlan.monitoring.data import Measure
from anlan.monitoring.elements import UNITS
from anlan.monitoring.gateways.sl651.elements import KIND_OF_NAME

_UNIT_SIGNS: Final = {
    "C": "℃",
    "m3/s": "m³/s",
    "m3": "m³",
    "m3/h": "m³/h",
    "m2": "m²",
    "kg/m3": "kg/m³",
    "10^4 t": "10⁴ t",
    "uS/cm": "µS/cm",
    "HH.mm": "",
}
_MOST_DECIMALS: Final = 2
_HOUR_MIN: Final = 60


# What people call the elements that they see every day; the standard's names are longer.
_EVERYDAY: Final[Mapping[str, Promise]] = {
    "PN05": gettext_lazy("rain in 5 minutes"),
    "P1": gettext_lazy("rain in 1 hour"),
    "PD": gettext_lazy("rain of the day"),
    "PJ": gettext_lazy("rain since 8 a.m."),
    "PT": gettext_lazy("running total of rain"),
    "Z": gettext_lazy("water level"),
    "ZU": gettext_lazy("level above the dam"),
    "ZB": gettext_lazy("level below the dam"),
    "Q": gettext_lazy("discharge"),
    "VT": gettext_lazy("battery voltage"),
    "ZF6": gettext_lazy("forecast level in 6 hours"),
    "HTZ": gettext_lazy("fire-danger index (LY/T 1172)"),
    "FWI": gettext_lazy("fire weather index"),
}
_RAIN: Final = frozenset({"PN01", "PN05", "PN10", "PN30", "P1", "PD"})


def element_label(code: str) -> str:
    """Return what an element is called in the language of the page; its code where none knows."""
    kind = KIND_OF_NAME.get(code)
    if code in _EVERYDAY:
        return str(_EVERYDAY[code])
    if kind is None:
        return code
    return kind.label_zh if (get_language() or "").startswith("zh") else kind.label


def summed_label(code: str) -> str:
    """Return what an element is called where its amounts are summed up: all rain is rain."""
    return _("rain") if code in _RAIN else element_label(code)


def unit_sign(code: str) -> str:
    """Return the unit of an element as people write it."""
    unit = UNITS.get(code, "")
    return _UNIT_SIGNS.get(unit, unit)


def decimals_of(code: str) -> int:
    """Return how many decimals of an element are worth showing."""
    kind = KIND_OF_NAME.get(code)
    return _MOST_DECIMALS if kind is None else min(kind.decimals, _MOST_DECIMALS)


def figure_text(value: float, code: str) -> str:
    """Return a value of an element without its unit."""
    return f"{value:.{decimals_of(code)}f}"


def value_text(value: float, code: str) -> str:
    """Return a value of an element with its unit, for example `12.5 mm`."""
    text = figure_text(value, code)
    unit = unit_sign(code)
    return f"{text} {unit}" if unit else text


def window_text(minutes: int) -> str:
    """Return a span of minutes in the unit that makes it short."""
    if minutes % _HOUR_MIN:
        return _("%(n)s min") % {"n": minutes}
    return _("%(n)s h") % {"n": minutes // _HOUR_MIN}


def measure_text(measure: Measure, *, code: str, window_min: int) -> str:
    """Return what a limit is held against, for example `rain in 3 h`."""
    facts = {"what": element_label(code), "window": window_text(window_min)}
    if measure is Measure.SUM and code.startswith("PN"):
        return _("rain in %(window)s") % facts
    return {
        Measure.SUM: _("sum of %(what)s in %(window)s"),
        Measure.LAST: _("%(what)s"),
        Measure.RISE: _("rise of %(what)s in %(window)s"),
        Measure.FALL: _("fall of %(what)s in %(window)s"),
        Measure.MEAN: _("mean of %(what)s in %(window)s"),
        Measure.ANTECEDENT: _("effective antecedent rain"),
    }[measure] % facts


def ago_text(moment: datetime, *, now: datetime) -> str:
    """Return how long ago a moment was, in one unit."""
    if now - moment < timedelta(minutes=1):
        return _("just now")
    return _("%(span)s ago") % {"span": span_text(now - moment)}


def span_text(span: timedelta) -> str:
    """Return a span of time in one unit: minutes, hours, then days."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 2 * _HOUR_MIN:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = minutes // _HOUR_MIN
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
