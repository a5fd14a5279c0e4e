import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.command.actions.open_tasks import open_tasks
from anlan.command.facts import plan_activated
from anlan.command.models import Activation, Incident, IncidentWarning
from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, ancestor_of
from anlan.plans.api import levels_called
from anlan.plans.data import CalledLevel
from anlan.registry.api import bearings
from anlan.registry.data import Colour, Hazard
from anlan.warning.api import villages_under, warnings_by_uuid
from anlan.warning.data import IssuedWarning


@transaction.atomic
def judge_response(warning_uuids: Iterable[str], *, by: Actor, now: datetime) -> int:
    """Let new warnings open or join an incident, activate the level called and open its tasks.

    Returns how many tasks were opened. A level never falls while the incident lasts; judging the
    same warnings again changes nothing.
    """
    warnings = warnings_by_uuid(warning_uuids)
    counties = {ancestor_of(w.town_code, level=Level.COUNTY) for w in warnings}
    under = villages_under()
    opened = 0
    for county in sorted(counties):
        here = [w for w in warnings if w.town_code.startswith(county[:6])]
        incident = _incident(county, by=by, now=now)
        _join(incident, here)
        local = _within(under, county=county)
        for called in levels_called(county_code=county, under=local, at=now):
            _activate(incident, called, by=by, now=now)
        opened += open_tasks(incident.pk, under=local, by=by, now=now)
    return opened


def _incident(county: str, *, by: Actor, now: datetime) -> Incident:
    local = timezone.localtime(now)
    name = _("%(county)s flood emergency of %(day)s") % {
        "county": bearings([county])[county].name,
        "day": f"{local:%Y-%m-%d}",
    }
    incident: Incident
    incident, is_new = Incident.objects.get_or_create(
        division_id=county,
        closed_at__isnull=True,
        defaults={"uuid": uuid.uuid4(), "name": name, "opened_at": now},
    )
    if is_new:
        journal.record(
            "incident.opened",
            by=by,
            now=now,
            subject=f"incident:{incident.uuid}",
            division_code=county,
            cause=f"incident:{incident.uuid}",
        )
    return incident


def _join(incident: Incident, warnings: Sequence[IssuedWarning]) -> None:
    IncidentWarning.objects.bulk_create(
        (IncidentWarning(incident=incident, warning_id=warning.id) for warning in warnings),
        ignore_conflicts=True,
    )


def _within(
    under: dict[Hazard, dict[str, Colour]], *, county: str
) -> dict[Hazard, dict[str, Colour]]:
    return {
        hazard: {code: colour for code, colour in found.items() if code.startswith(county[:6])}
        for hazard, found in under.items()
    }


def _activate(incident: Incident, called: CalledLevel, *, by: Actor, now: datetime) -> None:
    strongest = (
        Activation.objects.filter(incident=incident, plan_id=called.plan_id)
        .order_by("level")
        .first()
    )
    if strongest is not None and strongest.level <= called.level:
        return
    Activation.objects.filter(
        incident=incident, plan_id=called.plan_id, ended_at__isnull=True
    ).update(ended_at=now)
    Activation.objects.create(
        incident=incident,
        plan_id=called.plan_id,
        level=called.level,
        because=called.because,
        activated_at=now,
    )
    journal.record(
        "plan.activated",
        by=by,
        now=now,
        subject=f"plan:{called.plan_id}",
        division_code=incident.division_id,
        cause=f"incident:{incident.uuid}",
        detail={"level": int(called.level), "plan": called.plan_name, "because": called.because},
    )
    plan_activated.send(sender=None, incident_uuid=str(incident.uuid))
