from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.monitoring.core.macro import is_same_person
from anlan.monitoring.data import MacroState
from anlan.monitoring.facts import macro_anomaly_verified
from anlan.monitoring.models import MacroReport
from anlan.monitoring.queries.permitted import check_permitted
from anlan.monitoring.refusals import MayNotVerify, ReportOutOfSight
from anlan.registry.data import Permission

LONGEST_REASON = 200


@transaction.atomic
def verify_macro(
    uuid: str, *, verdict: MacroState, reason: str = "", by: Actor, now: datetime
) -> None:
    """Verify the anomaly of a report, or dismiss it with a reason, as another than its reporter.

    A verified one is announced. Raises ReportOutOfSight, NotPermitted, and MayNotVerify with the
    reason: nothing unusual was reported, somebody was quicker, it is one's own, no reason is given.
    """
    row = MacroReport.objects.filter(uuid=uuid).select_related("place").first()
    if row is None:
        raise ReportOutOfSight(uuid)
    check_permitted(Permission.KEEP_STATIONS, [row.place.division_id], by=by, now=now)
    reason = reason.strip()
    _check(row, verdict=verdict, reason=reason, by=by)
    judged = MacroReport.objects.filter(
        pk=row.pk,
        is_anomaly=True,
        state=MacroState.REPORTED,
        reported_at=row.reported_at,
    ).update(state=verdict, judged_by=by.label, judged_at=now, reason=reason)
    if judged != 1:
        raise MayNotVerify(_("The report has changed in the meantime; look at it again first."))
    journal.record(
        f"macro.{verdict.value}",
        by=by,
        now=now,
        subject=f"macro_report:{row.uuid}",
        division_code=row.place.division_id,
        detail={"place": row.place_id, "day": row.day.isoformat(), "kind": row.kind},
    )
    if verdict is MacroState.VERIFIED:
        macro_anomaly_verified.send(sender=None, report_ids=[row.pk])


def _check(row: MacroReport, *, verdict: MacroState, reason: str, by: Actor) -> None:
    if not row.is_anomaly:
        raise MayNotVerify(_("Nothing unusual was reported here; there is nothing to verify."))
    if row.state != MacroState.REPORTED:
        raise MayNotVerify(
            _("%(who)s has looked into this report already: %(state)s.")
            % {"who": row.judged_by, "state": MacroState(row.state).label}
        )
    if verdict is MacroState.REPORTED:
        raise MayNotVerify(_("Choose whether the anomaly is verified or dismissed."))
    if _is_reporter(row, by):
        raise MayNotVerify(
            _("You have reported this yourself; another person has to look into it.")
        )
    if verdict is MacroState.DISMISSED and not reason:
        raise MayNotVerify(_("Say why it is no anomaly: what explains what was seen."))
    if len(reason) > LONGEST_REASON:
        raise MayNotVerify(
            _("The reason is too long; shorten it to %(most)s characters.")
            % {"most": LONGEST_REASON}
        )


def _is_reporter(row: MacroReport, by: Actor) -> bool:
    """Tell whether an actor has reported the anomaly, now or in a report that was replaced."""
    reporters = [(row.reporter_account_id, row.reporter_person_id)] + [
        (each["account"], each["person"]) for each in row.earlier if each["is_anomaly"]
    ]
    return any(is_same_person(each, (by.account_id, by.person_id)) for each in reporters)
