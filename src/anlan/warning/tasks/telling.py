"""Messages that need no answer within a limit: what the people on duty should know."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.codes import Level, ancestor_of
from anlan.monitoring.api import silent_stations
from anlan.monitoring.data import SilenceLevel, SilentStation
from anlan.registry.api import holders
from anlan.registry.data import DutyKind
from anlan.warning.actions.send_messages import send_messages
from anlan.warning.data import Message

NAMED = 8  # stations that a message names; of more it says how many


@task
def tell_of_silences(silence_ids: list[int]) -> None:
    """Tell town leaders, and the county's duty officers, which stations have fallen silent."""
    now = clock.now()
    silent = silent_stations(silence_ids)
    messages: list[Message] = []
    for level, duty, place in (
        (SilenceLevel.TOWN_TOLD, DutyKind.TOWN_LEADER, Level.TOWN),
        (SilenceLevel.COUNTY_TOLD, DutyKind.COUNTY_DUTY, Level.COUNTY),
    ):
        groups: dict[str, list[SilentStation]] = defaultdict(list)
        for station in silent:
            if station.level is level:
                groups[ancestor_of(station.division_code, level=place)].append(station)
        people = holders(duty, divisions=set(groups), at=now)
        messages += [
            Message(
                reference=f"silence:{stations[0].silence_id}",
                person_id=person,
                duty=duty,
                division_code=code,
                title=_("Stations have fallen silent"),
                text=_words(stations),
            )
            for code, stations in sorted(groups.items())
            for person in people.get(code, ())
        ]
    send_messages(messages, by=the_program("silent stations"), now=now)


def _words(stations: Iterable[SilentStation]) -> str:
    stations = list(stations)
    named = "、".join(
        _("%(station)s (since %(time)s)")
        % {"station": each.name, "time": f"{timezone.localtime(each.since):%m-%d %H:%M}"}
        for each in stations[:NAMED]
    )
    told = ngettext(
        "%(count)s station is silent: %(names)s.",
        "%(count)s stations are silent: %(names)s.",
        len(stations),
    ) % {"count": len(stations), "names": named}
    return told + " " + _("Have somebody read the water by eye and look at the station.")
