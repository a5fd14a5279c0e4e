"""Why something about readings is refused: a sentence, with the status that goes with it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from anlan.kernel.tables.drafts import Fault
from anlan.monitoring.core.pushing import Fate, Outcome
from anlan.monitoring.http.names import time_text
from anlan.registry.api import problem


class Refusal(NamedTuple):
    """What is wrong with an observation: the status, the field, the sentence."""

    status: int
    column: str
    sentence: str


class ReadingsRefused(Exception):
    """A call of another program that is refused as a whole."""

    def __init__(self, status: int, detail: str, *, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.faults = status, detail, tuple(faults)


def on_refused(request: HttpRequest, error: Any) -> HttpResponse:
    """Return a refusal as JSON."""
    return problem(error.status, error.detail, faults=error.faults)


def refused_for(refusal: Refusal) -> ReadingsRefused:
    """Return the refusal of a call that is about this alone."""
    fault = Fault(column=refusal.column, sentence=refusal.sentence)
    return ReadingsRefused(refusal.status, refusal.sentence, faults=[fault])


def refusal_of(outcome: Outcome) -> Refusal:
    """Return why a reading is not stored."""
    reading = outcome.reading
    words = {
        "station": reading.station,
        "element": reading.element,
        "at": time_text(reading.observed_at),
        "value": reading.value,
        "there": outcome.there,
    }
    if outcome.fate is Fate.NO_STATION:
        sentence = _(
            "There is no station “%(station)s” that sends by HTTP in the division of this key. "
            "Register it; if it is new, its values wait under “Unknown addresses”."
        )
        return Refusal(404, "Datastream", sentence % words)
    if outcome.fate is Fate.NO_ELEMENT:
        sentence = _(
            "“%(element)s” is no element that station “%(station)s” may send. Use a code of SL 651 "
            "such as PN05 or Z, or name it in the station's device model."
        )
        return Refusal(422, "Datastream", sentence % words)
    if outcome.fate is Fate.OTHER_VALUE:
        sentence = _(
            "“%(station)s:%(element)s” has the value %(there)s at %(at)s already, not %(value)s. A "
            "reading is never changed; let a person overrule it."
        )
        return Refusal(409, "result", sentence % words)
    if outcome.fate is Fate.FUTURE:
        sentence = _("%(at)s has not come yet; set the clock of whatever measures.")
        return Refusal(422, "phenomenonTime", sentence % words)
    sentence = _("%(at)s is older than what is kept here.")
    return Refusal(422, "phenomenonTime", sentence % words)
