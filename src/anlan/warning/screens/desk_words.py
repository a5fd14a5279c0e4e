"""What the script of the duty desk shows, in the language of the page, and its rows packed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from anlan.registry.data import Colour, DutyKind, Hazard
from anlan.warning.core.desk import danger_of
from anlan.warning.data import AnswerKind, AttemptReason, RungKind, SummonsState
from anlan.warning.queries.desk import DeskRow, names_on

# The names under which the script knows the values of a row, in their order.
FIELDS: Final = (
    "id", "warning", "hazard", "colour", "danger", "village", "town", "person", "phone", "duty",
    "state", "rung", "left", "people", "asked", "due", "answered", "by", "word", "reportDue",
    "reported", "reasked", "notified", "moved", "tried", "why",
)  # fmt: skip


def packed_rows(rows: Iterable[DeskRow]) -> list[list[Any]]:
    """Return rows as the script takes them: the values of FIELDS, moments in whole seconds."""
    return [
        [
            row.uuid,
            row.warning_uuid,
            row.call.hazard.value,
            int(row.call.colour),
            danger_of(row.call.hazard, colour=row.call.colour),
            row.village,
            row.town_code[:9],
            row.person,
            row.phone,
            row.duty.value,
            row.call.state.value,
            row.rung.value,
            row.call.rungs_left,
            [[key, rung.value] for key, rung in row.people],
            _seconds(row.asked_at),
            _seconds(row.call.due_at),
            _seconds(row.answered_at),
            row.answered_by,
            row.call.word.value if row.call.word else "",
            _seconds(row.call.report_due_at),
            _seconds(row.call.reported_at),
            row.call.reasked,
            row.notified,
            row.moved,
            _seconds(row.tried_at),
            row.tried_why,
        ]
        for row in rows
    ]


def payload(rows: Sequence[DeskRow], *, now: datetime) -> dict[str, Any]:
    """Return rows with the moment and the names that they need."""
    return {
        "now": now.timestamp(),
        "rows": packed_rows(rows),
        "towns": towns_of(rows),
        "names": dict(names_on(rows)),
    }


def towns_of(rows: Iterable[DeskRow]) -> dict[str, str]:
    """Return the names of the towns of rows by the nine digits that say which town it is."""
    return {row.town_code[:9]: row.town for row in rows}


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def labels() -> dict[str, dict[str, str]]:
    """Return what each code of a row is called."""
    return {
        "hazard": {each.value: str(each.label) for each in Hazard},
        "colour": {str(each.value): str(each.label) for each in Colour},
        "duty": {each.value: str(each.label) for each in DutyKind},
        "state": {each.value: str(each.label) for each in SummonsState},
        "rung": {each.value: str(each.label) for each in RungKind},
        "word": {each.value: str(each.label) for each in AnswerKind},
        "why": {each.value: str(each.label) for each in AttemptReason},
    }


def words() -> dict[str, str]:
    """Return each text of the desk by the name that the script knows it by."""
    return {
        "group0": _("Call now"),
        "group1": _("Waiting for an answer"),
        "group2": _("Answered, report overdue"),
        "group3": _("Dealt with"),
        "help": _("asks for help"),
        "nobodyLeft": _("nobody is left to ring, called {n} min ago"),
        "overdue": _("overdue {n} min"),
        "left": _("{n} min left"),
        "reportLate": _("report overdue {n} min"),
        "reasked": _("no report, asked again {n} times"),
        "reportLeft": _("report within {n} min"),
        "reported": _("reported: {notified} notified, {moved} moved"),
        "answeredBy": _("{by}, {at}"),
        "tried": _("tried {at}: {why}"),
        "noNumber": _("no number"),
        "noneLeft": _(
            "No warning is in force over the places that you see. As soon as one is issued, "
            "everybody called appears here by themselves."
        ),
        "noFit": _("No call fits “{text}”. Press Escape to see all."),
        "shown": _("{n} calls"),
        "oneNew": _("New without an answer: {village}, {person}."),
        "manyNew": _("{n} calls have newly ended without an answer."),
        "lost": _("The connection is lost. The desk tries again by itself."),
        "out": _("The desk is no longer live: you may have been logged out."),
        "logIn": _("Load the page again"),
        "back": _("The desk is live again."),
        "pressFirst": _("Press Enter to call first, or r to record without calling."),
        "calling": _("Reading the number…"),
        "choose": _("How many were notified, how many are out? Enter records."),
        "failed": _("That did not arrive. Check the network and do it again."),
        "refused": _("You may not do that for this village."),
        "gone": _("This call waits at no desk any more: its warning has ended."),
        "answered": _("{answered} of {called} answered"),
        "mapFailed": _("The map did not arrive. The table below it says the same."),
        "live": _("live"),
        "notLive": _("not live"),
    }
