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
from anlan.monitoring.api import silent_stations, verified_anomalies
from anlan.monitoring.data import SilenceLevel, SilentStation
from anlan.registry.api import bearings, holders, names_of
from anlan.registry.data import DutyKind
from anlan.warning.actions.send_messages import send_messages
from anlan.warning.data import Message
from anlan.warning.queries.open_warnings import calls_of
from anlan.warning.queries.upper_warnings import upper_warnings_in_force

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


@task
def tell_of_anomalies(report_ids: list[int]) -> None:
    """Tell the county's duty officers which macro anomalies were verified."""
    found = verified_anomalies(report_ids)
    _tell_counties(
        [
            (
                f"macro:{each.report_id}",
                each.division_code,
                _("Macro anomaly verified"),
                _("%(place)s, %(day)s, %(kind)s: %(seen)s.")
                % {
                    "place": each.place,
                    "day": each.day.isoformat(),
                    "kind": each.kind.label,
                    "seen": each.description,
                },
            )
            for each in found
        ]
    )


@task
def tell_of_upper_warning(upper_uuid: str) -> None:
    """Tell the county's duty officers of a warning of an upper level that has come into force."""
    _tell_counties(
        [
            (
                f"upper:{each.uuid}",
                each.county,
                _("Warning of an upper level"),
                each.headline,
            )
            for each in upper_warnings_in_force([upper_uuid])
        ]
    )


@task
def tell_of_help(summons_uuid: str) -> None:
    """Tell the county's duty officers that somebody answerable for a village needs help."""
    calls = calls_of([summons_uuid])
    names = names_of(each.answered_by_id or each.person_id for each in calls)
    places = bearings(each.village for each in calls)
    _tell_counties(
        [
            (
                f"help:{each.uuid}",
                each.village,
                _("%(village)s asks for help") % {"village": places[each.village].name},
                _("%(person)s needs help at %(village)s. The town was told: see that a team goes.")
                % {
                    "person": names.get(each.answered_by_id or each.person_id, ""),
                    "village": places[each.village].name,
                },
            )
            for each in calls
        ]
    )


def _tell_counties(told: list[tuple[str, str, str, str]]) -> None:
    """Send a county's duty officers what is told: reference, division, title, text."""
    now = clock.now()
    counties = {code: ancestor_of(code, level=Level.COUNTY) for _r, code, _t, _w in told}
    people = holders(DutyKind.COUNTY_DUTY, divisions=set(counties.values()), at=now)
    messages = [
        Message(
            reference=reference,
            person_id=person,
            duty=DutyKind.COUNTY_DUTY,
            division_code=counties[code],
            title=title,
            text=text,
        )
        for reference, code, title, text in told
        for person in people.get(counties[code], ())
    ]
    send_messages(messages, by=the_program("duty officers"), now=now)


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
