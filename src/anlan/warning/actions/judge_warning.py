from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.data import VerdictKind, WarningState
from anlan.warning.measuring import VerdictRefused
from anlan.warning.models import HazardWarning, WarningVerdict

REMARK_LENGTH = 200
FARTHEST = timedelta(days=31)


@transaction.atomic
def judge_warning(
    warning: HazardWarning,
    *,
    verdict: VerdictKind,
    occurred_at: datetime | None = None,
    remark: str = "",
    by: Actor,
    now: datetime,
) -> None:
    """Keep what a warning that has ended turned out to be; earlier words stay, this one counts.

    `occurred_at` is when what it warned of came. Raises VerdictRefused with what to change.
    """
    remark = remark.strip()
    _check(warning, verdict=verdict, occurred_at=occurred_at, remark=remark, now=now)
    WarningVerdict.objects.create(
        warning=warning, verdict=verdict, occurred_at=occurred_at, remark=remark, at=now
    )
    journal.record(
        "warning.judged",
        by=by,
        now=now,
        subject=f"warning_verdict:{warning.uuid}",
        division_code=warning.division_id,
        cause=f"warning:{warning.uuid}",
        detail={
            "verdict": verdict.value,
            "occurred_at": occurred_at.isoformat() if occurred_at else None,
        },
    )


def _check(
    warning: HazardWarning,
    *,
    verdict: VerdictKind,
    occurred_at: datetime | None,
    remark: str,
    now: datetime,
) -> None:
    if warning.state == WarningState.OPEN:
        raise VerdictRefused(_("The warning is in force; it can be judged once it has ended."))
    if len(remark) > REMARK_LENGTH:
        raise VerdictRefused(
            _("Make the remark shorter: at most %(n)s characters.") % {"n": REMARK_LENGTH}
        )
    if occurred_at is None:
        return
    if verdict is VerdictKind.FALSE_ALARM:
        raise VerdictRefused(_("Of a false alarm nothing came: leave the time empty."))
    if occurred_at > now:
        raise VerdictRefused(_("It cannot have come later than now: correct the time."))
    if abs(occurred_at - warning.issued_at) > FARTHEST:
        raise VerdictRefused(_("The time is more than a month from the warning: correct the time."))
