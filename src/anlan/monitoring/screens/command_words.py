"""What was asked of a station and what it answered, as sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.monitoring.data import Question
from anlan.monitoring.queries.station_page import CommandRow
from anlan.monitoring.screens.words import element_label, value_text, window_text

# What the page offers; single elements are asked for by programs.
OFFERED = (
    Question.PRESENT,
    Question.CLOCK,
    Question.SET_CLOCK,
    Question.INTERVAL,
    Question.STATUS,
    Question.VERSION,
    Question.PICTURE,
)
STATES: Mapping[str, Any] = {
    "mains off": gettext_lazy("mains off"),
    "battery low": gettext_lazy("battery low"),
    "level alarm": gettext_lazy("level alarm"),
    "discharge alarm": gettext_lazy("discharge alarm"),
    "quality alarm": gettext_lazy("water quality alarm"),
    "flow meter fault": gettext_lazy("flow meter fault"),
    "level gauge fault": gettext_lazy("level gauge fault"),
    "door closed": gettext_lazy("door closed"),
    "memory fault": gettext_lazy("memory fault"),
    "card valid": gettext_lazy("card valid"),
    "pump stopped": gettext_lazy("pump stopped"),
    "remaining water alarm": gettext_lazy("remaining water alarm"),
}


def asked_text(row: CommandRow) -> str:
    """Return what was asked or set."""
    asked = str(row.parameters.get("question", ""))
    label = str(Question(asked).label) if asked in Question.values else f"{row.function:02X}"
    if minutes := row.parameters.get("minutes"):
        return f"{label}: {window_text(int(str(minutes)))}"
    names = row.parameters.get("elements")
    if isinstance(names, list):
        return f"{label}: {', '.join(element_label(str(name)) for name in names)}"
    return label


def answer_text(row: CommandRow) -> str:
    """Return what a station answered, nothing where it has not."""
    return "; ".join(_answers(row.answer))


def _answers(answer: Mapping[str, Any]) -> Iterator[str]:
    for each in answer.get("values", ()):
        if each.get("value") is not None:
            code = str(each.get("element"))
            yield f"{element_label(code)} {value_text(float(each['value']), code)}"
    if "drift_s" in answer:
        yield _("its clock is off by %(n)s s") % {"n": answer["drift_s"]}
    if "report_hours" in answer:
        yield _("reports every %(n)s h") % {"n": f"{answer['report_hours'] or 0:g}"}
    if "extra_minutes" in answer:
        yield _("additional reports every %(n)s min") % {"n": f"{answer['extra_minutes'] or 0:g}"}
    if "status" in answer:
        yield "、".join(str(STATES.get(name, name)) for name in answer["status"]) or _(
            "all in order"
        )
    for name in ("version", "text", "failure"):
        if answer.get(name):
            yield str(answer[name])
