"""Who else hears of a warning: the households that must leave, and the duty desk."""

from collections.abc import Sequence
from datetime import datetime

from anlan.kernel.codes import Level, ancestor_of
from anlan.registry.api import holders
from anlan.registry.data import DutyKind
from anlan.warning.actions._notes import about, tell
from anlan.warning.actions._outbox import put_out
from anlan.warning.core.areas import Family
from anlan.warning.core.moving import moves_people
from anlan.warning.core.typed import home_of
from anlan.warning.data import Audience, DeliveryState, Purpose
from anlan.warning.models import Delivery, HazardWarning
from anlan.warning.queries.audience import Called
from anlan.warning.queries.tellings import Tellings
from anlan.warning.queries.texts import words_for
from anlan.warning.queries.ways import ways_to


def tell_households(
    family: Family,
    warnings: Sequence[HazardWarning],
    called: Called,
    tellings: Tellings,
    *,
    now: datetime,
) -> int:
    """Let each household at risk with a phone be told to leave, and return how many are."""
    if not moves_people(family.hazard, colour=family.colour):
        return 0
    channels = ways_to((), divisions=[family.county]).of(None, division=family.county)
    if not channels:
        return 0
    words = {
        part.town: words_for(Audience.HOUSEHOLD, tellings.of(part), kept=tellings.kept)
        for part in family.parts
    }
    of_town = {warning.division_id: warning for warning in warnings}
    rows = []
    for household in called.households:
        town = ancestor_of(household.division_code, level=Level.TOWN)
        if household.has_phone and town in words:
            rows.append(
                Delivery(
                    division_id=household.division_code,
                    purpose=Purpose.HOUSEHOLD,
                    household_id=household.id,
                    warning=of_town[town],
                    reference_code=f"warning:{of_town[town].uuid}",
                    title=words[town].title,
                    text=words[town].text,
                    channel=channels[0],
                    state=DeliveryState.QUEUED,
                    queued_at=now,
                    not_before=now,
                )
            )
    return put_out(rows)


def tell_desk(
    family: Family,
    warnings: Sequence[HazardWarning],
    called: Called,
    tellings: Tellings,
    *,
    now: datetime,
) -> int:
    """Tell the county's duty officers what was issued, and return how many are told."""
    if not warnings:
        return 0
    officers = holders(DutyKind.COUNTY_DUTY, divisions=[family.county], at=now)
    return tell(
        about(
            officers.get(family.county, ()),
            duty=DutyKind.COUNTY_DUTY,
            place=home_of(family.meant.villages) or family.county,
        ),
        words=words_for(Audience.DESK, tellings.whole(), kept=tellings.kept),
        reference=f"family:{family.uuid}",
        now=now,
    )
