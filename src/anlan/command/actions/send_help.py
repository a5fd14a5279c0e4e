from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.command.actions._visits import open_visits
from anlan.kernel.actors import Actor


@transaction.atomic
def send_help(summons_uuids: Iterable[str], *, by: Actor, now: datetime) -> list[str]:
    """Open a task for the town to help each village whose person asked for it; return uuids.

    A call for which somebody was sent already gets no second task.
    """
    return open_visits(
        summons_uuids,
        title=lambda village: _("%(village)s asks for help: send a team") % {"village": village},
        by=by,
        now=now,
    )
