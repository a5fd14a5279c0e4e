"""How templates say what was measured: `{{ row.main|measured }}`, `{{ moment|ago:now }}`."""

from datetime import date, datetime
from typing import Any

from django import template

from anlan.monitoring.screens import words

register = template.Library()


@register.filter
def measured(value: float | None, code: str) -> str:
    """Return a value of an element with its unit, a dash without one."""
    return "—" if value is None else words.value_text(value, code)


@register.filter
def figure(value: float, code: str) -> str:
    """Return a value of an element without its unit."""
    return words.figure_text(value, code)


@register.filter
def summed(code: str) -> str:
    """Return what an element is called where its amounts are summed up."""
    return words.summed_label(code)


@register.filter
def element(code: str) -> str:
    """Return what an element is called."""
    return words.element_label(code)


@register.filter
def unit(code: str) -> str:
    """Return the unit of an element."""
    return words.unit_sign(code)


@register.filter
def against(limit: Any) -> str:
    """Return what a limit or an exceedance is held against."""
    return words.measure_text(limit.measure, code=limit.element, window_min=limit.window_min)


@register.filter
def ago(moment: datetime | None, now: datetime) -> str:
    """Return how long ago a moment was, a dash for never."""
    return "—" if moment is None else words.ago_text(moment, now=now)


@register.filter
def lasting(moment: datetime, until: datetime) -> str:
    """Return how long it was from a moment until another."""
    return words.span_text(until - moment)


@register.filter
def month(day: date) -> str:
    """Return a month as year and month."""
    return f"{day:%Y-%m}"


@register.filter
def percent(share: float | None) -> str:
    """Return a share in whole percent, a dash without one."""
    return "—" if share is None else f"{share * 100:.0f} %"
