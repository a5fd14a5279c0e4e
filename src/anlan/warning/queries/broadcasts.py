"""What loudspeakers read out: the words of a warning, its CAP message, and that it is over."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from anlan.kernel.codes import Level, ancestor_of
from anlan.monitoring.api import crossings
from anlan.registry.api import bearings, households_at_risk, shelters_in
from anlan.registry.data import Colour, Hazard
from anlan.warning.core.broadcasts import broadcast_of, reference_of
from anlan.warning.core.cap_out import alert_of, cancel_of
from anlan.warning.core.words import best_text, joined
from anlan.warning.data import Audience, DeliveryState, Purpose, WarningOrigin
from anlan.warning.figures import Telling
from anlan.warning.gateways.cap.writing import write_alert
from anlan.warning.models import Delivery, HazardWarning, WarningArea
from anlan.warning.publishing import signed_if_possible
from anlan.warning.queries.cap_out import outgoing
from anlan.warning.queries.loudspeakers import Speaker, speakers_in
from anlan.warning.queries.texts import Words, kept_texts, words_for

LONGEST: Final = timedelta(days=60)
MOST_SHELTERS: Final = 5
_LEFT: Final = (DeliveryState.SENDING, DeliveryState.ACCEPTED, DeliveryState.DELIVERED)


@dataclass(frozen=True)
class EndedAlarm:
    """A loudspeaker whose last words of a hazard no longer hold; `others` still do there."""

    speaker: Speaker
    warning_uuid: str
    hazard: Hazard
    has_others: bool


def villages_of(warnings: Sequence[HazardWarning]) -> dict[int, list[str]]:
    """Return the villages that stand under each of these warnings now."""
    rows = WarningArea.objects.filter(
        warning__in=[row.pk for row in warnings], released_at__isnull=True
    )
    found: dict[int, list[str]] = defaultdict(list)
    for warning, village in rows.order_by("division_id").values_list("warning_id", "division_id"):
        found[warning].append(village)
    return found


def said_of(warning: HazardWarning, *, villages: Sequence[str], now: datetime) -> Words:
    """Return what loudspeakers say of a warning: the county's words, else the warning's own.

    A warning of a rule, for which the county keeps no words, is told in the program's words for
    loudspeakers: they are shorter.
    """
    del now
    hazard, colour = Hazard(warning.hazard), Colour(warning.colour)
    kept = kept_texts(ancestor_of(warning.division_id, level=Level.COUNTY))
    own = best_text(kept.get(Audience.BROADCAST, ()), hazard=hazard, colour=colour)
    if own is None and warning.origin != WarningOrigin.RULE:
        return Words(title=warning.headline, text=warning.text)
    words = words_for(Audience.BROADCAST, _telling(warning, villages), kept=kept)
    return Words(title=words.title or warning.headline, text=words.text or warning.text)


def _telling(warning: HazardWarning, villages: Sequence[str]) -> Telling:
    names = bearings(villages)
    causes = WarningArea.objects.filter(warning=warning, exceedance__isnull=False)
    found = crossings(causes.order_by("pk").values_list("exceedance_id", flat=True)[:1])
    here = set(villages)
    shelters = [
        each.name for each in shelters_in([warning.division_id]) if each.division_code in here
    ]
    homes = households_at_risk(villages, hazard=Hazard(warning.hazard))
    return Telling(
        hazard=Hazard(warning.hazard),
        colour=Colour(warning.colour),
        town=warning.division.name,
        villages=tuple(names[code].name if code in names else code for code in villages),
        sender=warning.sender_name,
        issued_at=warning.issued_at,
        onset_at=warning.onset_at,
        expires_at=warning.expires_at,
        worst=found[0] if found else None,
        people=sum(home.people for home in homes),
        shelter=joined(shelters, most=MOST_SHELTERS)[0],
    )


def cap_of(warning_uuid: str, *, is_end: bool) -> bytes:
    """Return the CAP message of a warning in sight, or the one that ends it; nothing of none.

    It carries the county's signature where there is a key.
    """
    rows = HazardWarning.objects.filter(uuid=warning_uuid)
    for found in outgoing(rows.select_related("division", "follows").defer("division__boundary")):
        alert = cancel_of(found) if is_end else alert_of(found)
        return b"" if alert is None else signed_if_possible(write_alert(alert))
    return b""


def ended_alarms(warning_uuids: Iterable[str], *, now: datetime) -> list[EndedAlarm]:
    """Return the loudspeakers that read out a hazard of these warnings which is over for them."""
    rows = WarningArea.objects.filter(
        warning__uuid__in=list(warning_uuids), released_at__isnull=False
    )
    ended = set(rows.values_list("division_id", "hazard"))
    speakers = speakers_in({village for village, _hazard in ended})
    if not speakers:
        return []
    standing: dict[str, set[str]] = defaultdict(set)
    open_areas = WarningArea.objects.filter(division__in=speakers, released_at__isnull=True)
    for village, hazard in open_areas.values_list("division_id", "hazard"):
        standing[village].add(hazard)
    last = _last_alarms([each for found in speakers.values() for each in found], now=now)
    return [
        EndedAlarm(speaker, last[speaker.id, hazard], Hazard(hazard), bool(standing[village]))
        for village, hazard in sorted(ended)
        if hazard not in standing[village]
        for speaker in speakers.get(village, ())
        if (speaker.id, hazard) in last
    ]


def _last_alarms(speakers: Sequence[Speaker], *, now: datetime) -> dict[tuple[int, str], str]:
    """Return the warning that each loudspeaker last read out of a hazard, as far as it has left."""
    rows = Delivery.objects.filter(
        purpose=Purpose.BROADCAST,
        warning__isnull=False,
        reference_code__in=[reference_of(each.id) for each in speakers],
        state__in=_LEFT,
        queued_at__gt=now - LONGEST,
    )
    told = rows.order_by("queued_at", "pk").values_list(
        "reference_code", "warning__hazard", "warning__uuid"
    )
    return {
        (broadcast_of(reference).loudspeaker, hazard): str(uuid) for reference, hazard, uuid in told
    }


def over_words(alarm: EndedAlarm) -> Words:
    """Return that a warning is over, in the county's language."""
    with translation.override(settings.LANGUAGE_CODE):
        title = _("%(hazard)s: the warning is over") % {"hazard": alarm.hazard.label}
        lines = [_("The warning of %(hazard)s is over.") % {"hazard": alarm.hazard.label}]
        if alarm.has_others:
            lines.append(_("Another warning still stands: stay on safe ground."))
        return Words(title=title, text="\n".join(lines))
