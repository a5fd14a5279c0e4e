"""What happened, as sentences: one for each act that the journal knows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.command.queries.timeline import TimelineEntry
from anlan.monitoring.api import station_names
from anlan.plans.data import ResponseLevel
from anlan.registry.api import bearings, names_of
from anlan.registry.data import Colour, Hazard
from anlan.warning.data import RungKind, VerdictKind

KIND_LABELS: Mapping[str, str | Promise] = {
    "response": gettext_lazy("response"),
    "warning": gettext_lazy("warnings"),
    "crossing": gettext_lazy("thresholds"),
    "call": gettext_lazy("calls"),
    "task": gettext_lazy("tasks"),
    "move": gettext_lazy("households"),
    "other": gettext_lazy("other"),
}
VIA: Mapping[str, str | Promise] = {
    "page": gettext_lazy("on this page"),
    "phone": gettext_lazy("by phone"),
    "sms": gettext_lazy("by text message"),
    "voice": gettext_lazy("by voice call"),
    "inbox": gettext_lazy("in the inbox"),
}

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Sentence:
    """One line of the timeline. `warning_uuid` is empty unless the line is about a warning."""

    at: datetime
    kind: str
    label: str | Promise
    place: str
    text: str
    actor: str
    warning_uuid: str
    colour: int


def sentences(entries: Iterable[TimelineEntry]) -> list[Sentence]:
    """Return entries as people read them; names of places and people are looked up together."""
    rows = list(entries)
    places = bearings({row.division_code for row in rows if row.division_code})
    people = names_of({row.detail["person"] for row in rows if row.detail.get("person")})
    stations = station_names({row.detail["station"] for row in rows if "station" in row.detail})
    return [
        Sentence(
            at=row.at,
            kind=row.kind,
            label=KIND_LABELS[row.kind],
            place=places[row.division_code].name if row.division_code in places else "",
            text=text_of(row.act, _facts(row.detail, people=people, stations=stations)),
            actor="" if row.actor.startswith("program:") else row.actor,
            warning_uuid=row.subject.partition(":")[2] if row.subject[:8] == "warning:" else "",
            colour=int(row.detail.get("colour", 0)),
        )
        for row in rows
    ]


def text_of(act: str, facts: Facts) -> str:
    """Return the sentence of an act; an act without one is named as it stands."""
    write = WRITERS.get(act)
    if write is None:
        return _("Recorded: %(act)s") % {"act": act}
    sentence = write(facts)
    return sentence[:1].upper() + sentence[1:]


def _facts(
    detail: Facts, *, people: Mapping[int, str], stations: Mapping[int, str]
) -> dict[str, Any]:
    """Return an entry's detail with numbers and codes turned into words."""
    found: dict[str, Any] = {"villages": 0, "people": 0, "households": 0, "unanswered": 0}
    found |= {"value": "", "title": "", "plan": "", "because": "", "tasks_dropped": 0}
    found |= detail
    found["person"] = people.get(detail.get("person", 0), _("somebody"))
    found["station"] = stations.get(detail.get("station", 0), _("A gauge"))
    found["colour"] = _label(Colour, detail.get("colour"))
    found["hazard"] = _label(Hazard, detail.get("hazard"))
    found["rung"] = _label(RungKind, detail.get("rung"))
    found["verdict"] = _label(VerdictKind, detail.get("verdict"))
    found["level"] = _label(ResponseLevel, detail.get("level"))
    found["via"] = VIA.get(str(detail.get("via", "")), detail.get("via", ""))
    return found


def _label(choices: Any, value: Any) -> str:
    return str(choices(value).label) if value in choices.values else ""


def _done(facts: Facts) -> str:
    if facts.get("late"):
        return _("Done, but late: %(title)s.") % facts
    return _("Done: %(title)s.") % facts


def _answered(facts: Facts) -> str:
    if facts.get("state") == "taken_over":
        return _("%(person)s answered for the person called, %(via)s.") % facts
    return _("%(person)s received the warning and is acting, %(via)s.") % facts


def _opened(facts: Facts) -> str:
    return _("Task for %(person)s: %(title)s.") % facts


WRITERS: Mapping[str, Callable[[Facts], str]] = {
    "incident.opened": lambda f: _("The incident began."),
    "incident.closed": lambda f: _("The incident was closed."),
    "plan.activated": lambda f: _("%(plan)s activated, %(level)s: %(because)s") % f,
    "report.written": lambda f: _("The report was written."),
    "threshold.crossed": lambda f: (
        _("%(station)s reached the %(colour)s limit for %(hazard)s: %(value)s.") % f
    ),
    "threshold.cleared": lambda f: (
        _("%(station)s fell below the %(colour)s limit for %(hazard)s.") % f
    ),
    "warning.issued": lambda f: (
        _("%(colour)s warning of %(hazard)s for %(villages)s villages, %(people)s people called.")
        % f
    ),
    "warning.lifted": lambda f: _("The warning was lifted."),
    "warning.judged": lambda f: _("What the warning turned out to be: %(verdict)s.") % f,
    "summons.answered": _answered,
    "summons.escalated": lambda f: _("No answer in time. Called now: %(rung)s, %(person)s.") % f,
    "summons.unanswered": lambda f: _("Nobody on the ladder answered."),
    "message.refused": lambda f: _("A channel refused a message."),
    "task.opened": _opened,
    "task.done": _done,
    "task.overdue": lambda f: _("Overdue, %(person)s: %(title)s.") % f,
    "moves.ordered": lambda f: (
        _("%(households)s households with %(people)s people were ordered to move.") % f
    ),
    "household.notified": lambda f: _("A household of %(people)s was told to move.") % f,
    "household.left": lambda f: _("A household of %(people)s left home.") % f,
    "household.sheltered": lambda f: _("A household of %(people)s arrived at the shelter.") % f,
    "household.returned": lambda f: _("A household of %(people)s went home.") % f,
    "household.released": lambda f: _("A household of %(people)s no longer needs to move.") % f,
}
