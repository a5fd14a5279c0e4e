"""How every redrawing ends: what waits for people, the journal, the fact, or nothing at all."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.data import DivisionKind, DutyKind, OrganKind
from anlan.registry.facts import divisions_redrawn
from anlan.registry.models import Division, Organization
from anlan.registry.queries.answerable import in_force
from anlan.registry.redrawing import Redrawing
from anlan.registry.relocation.moving import outdate_plans

FIRST_RANK = 1
VILLAGES = (DivisionKind.VILLAGE, DivisionKind.COMMUNITY)


def finish(
    found: Redrawing, *, act: str, code: str, basis: str, is_dry_run: bool, by: Actor, now: datetime
) -> Redrawing:
    """Write down and announce a redrawing, or take all of it back when it was only tried."""
    if is_dry_run:
        transaction.set_rollback(True)
        return found
    moves = [[old, new] for old, new in found.moves]
    if moves:
        outdate_plans()
    journal.record(
        act,
        by=by,
        now=now,
        subject=f"division:{code}",
        division_code=code,
        detail={
            "on": found.on.isoformat(),
            "basis": basis.strip(),
            "moves": moves,
            "rows": dict(found.rows),
            "undecided": len(found.decisions),
        },
    )
    if moves:
        divisions_redrawn.send(sender=None, moves=moves, on=found.on.isoformat())
    return found


def doubled(code: str, *, now: datetime) -> list[str]:
    """Return a sentence for each duty that several people hold in the first rank."""
    held: dict[str, dict[int, str]] = defaultdict(dict)
    rows = in_force(at=now).filter(
        division=code, place__isnull=True, household__isnull=True, rank=FIRST_RANK
    )
    for kind, person, name in rows.order_by("kind", "pk").values_list(
        "kind", "person_id", "person__name"
    ):
        held[kind][person] = name
    return [
        _("Several people hold “%(duty)s” in the first rank: %(people)s. Decide who stays A.")
        % {"duty": DutyKind(kind).label, "people": "、".join(people.values())}
        for kind, people in held.items()
        if len(people) > 1
    ]


def committees(code: str) -> list[str]:
    """Return a sentence when a division has several committees."""
    rows = Organization.objects.filter(division=code, kind=OrganKind.COMMITTEE).order_by("name")
    names = list(rows.values_list("name", flat=True))
    if len(names) < 2:
        return []
    return [_("There are several committees: %(names)s.") % {"names": "、".join(names)}]


def leaderless(codes: Iterable[str], *, now: datetime) -> list[str]:
    """Return a sentence for each village in which nobody is in charge now."""
    villages = Division.objects.filter(pk__in=list(codes), kind__in=VILLAGES).order_by("code")
    led = set(
        in_force(at=now)
        .filter(division__in=villages.values("pk"), kind=DutyKind.VILLAGE_LEADER)
        .values_list("division_id", flat=True)
    )
    return [
        _("%(name)s has nobody in charge yet: give somebody the duty.") % {"name": row.name}
        for row in villages
        if row.code not in led
    ]


def remaining(*, rows: int, heir: str) -> list[str]:
    """Return a sentence about the rows of a split that nobody dealt out."""
    if not rows:
        return []
    sentence = ngettext(
        "%(count)d row that nobody dealt out went to %(heir)s.",
        "%(count)d rows that nobody dealt out went to %(heir)s.",
        rows,
    )
    return [sentence % {"count": rows, "heir": heir}]
