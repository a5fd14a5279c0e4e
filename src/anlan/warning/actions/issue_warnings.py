import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, ancestor_of
from anlan.monitoring.api import crossings
from anlan.registry.data import Colour, Hazard
from anlan.warning.actions._families import issue_family
from anlan.warning.actions._waiting import wait_for_word
from anlan.warning.core.areas import Draft, Family, Meant, drafts_for
from anlan.warning.core.cap_out import event_code_for
from anlan.warning.core.issuing import RuleRow, issuing_of
from anlan.warning.facts import warnings_issued
from anlan.warning.models import WarningArea
from anlan.warning.queries.rules import rule_rows

Kind = tuple[str, Hazard, Colour]
"""The warnings of one county, hazard and colour: they are issued together."""


@transaction.atomic
def issue_warnings(exceedance_ids: Iterable[int], *, by: Actor, now: datetime) -> list[str]:
    """Issue the warnings that these exceedances call for and return their uuids.

    Where the county wants somebody's word first, they wait as a draft instead. Issuing the same
    exceedances again changes nothing.
    """
    found = crossings(exceedance_ids)
    standing = _standing({village for crossing in found for village in crossing.villages})
    groups: dict[Kind, list[Draft]] = defaultdict(list)
    for draft in drafts_for(found, standing=standing):
        county = ancestor_of(draft.town, level=Level.COUNTY)
        groups[county, draft.hazard, draft.colour].append(draft)
    rules: dict[str, list[RuleRow]] = {}
    uuids: list[str] = []
    for (county, hazard, colour), parts in sorted(groups.items(), key=lambda item: item[0]):
        if county not in rules:
            rules[county] = rule_rows(county, now=now)
        issuing = issuing_of(rules[county], hazard=hazard, colour=colour)
        family = _family(county, parts)
        if issuing.is_automatic:
            uuids += issue_family(family, by=by, now=now)
        else:
            wait_for_word(family, issuing=issuing, by=by, now=now)
    if uuids:
        warnings_issued.send(sender=None, warning_uuids=uuids)
    return uuids


def _standing(villages: set[str]) -> dict[tuple[str, Hazard], Colour]:
    rows = WarningArea.objects.filter(division_id__in=villages, released_at__isnull=True)
    found = rows.values_list("division_id", "hazard", "colour")
    return {(village, Hazard(hazard)): Colour(colour) for village, hazard, colour in found}


def _family(county: str, parts: list[Draft]) -> Family:
    villages = tuple(code for part in parts for code in part.codes)
    return Family(
        uuid=str(uuid.uuid4()),
        county=county,
        hazard=parts[0].hazard,
        colour=parts[0].colour,
        parts=tuple(parts),
        meant=Meant(villages=villages, whole=frozenset(villages)),
        event_code=event_code_for(parts[0].hazard),
    )
