from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.registry.api import has_permission_over
from anlan.registry.data import Permission
from anlan.warning.core.typed import TypedText
from anlan.warning.core.words import (
    FIGURES,
    TEXT_LETTERS,
    TITLE_LETTERS,
    cleaned,
    one_line,
    unknown_names,
)
from anlan.warning.models import WarningText
from anlan.warning.refusals import NotYoursToKeep, TextRefused


@transaction.atomic
def keep_text(typed: TypedText, *, by: Actor, now: datetime) -> int:
    """Keep the words of a county for a hazard, colour and audience; return the row's key.

    What stood for the same is ended. Without a title and a text the program's words count again,
    and the key is 0. Raises TextRefused with what to change, and NotYoursToKeep.
    """
    if not has_permission_over(
        by.account_id, Permission.KEEP_WARNING_RULES, division_code=typed.county, at=now
    ):
        raise NotYoursToKeep
    title, text = one_line(typed.title), cleaned(typed.text)
    _check(title, text)
    same = WarningText.objects.filter(
        division_id=typed.county,
        hazard=typed.hazard,
        colour=typed.colour,
        audience=typed.audience,
        ended_at__isnull=True,
    )
    same.update(ended_at=now)
    key = 0
    if title or text:
        row = WarningText.objects.create(
            division_id=typed.county,
            hazard=typed.hazard,
            colour=typed.colour,
            audience=typed.audience,
            title=title,
            text=text,
            kept_at=now,
        )
        key = int(row.pk)
    journal.record(
        "warning_text.kept" if key else "warning_text.ended",
        by=by,
        now=now,
        subject=f"warning_text:{key}" if key else "",
        division_code=typed.county,
        detail={
            "hazard": typed.hazard,
            "colour": typed.colour,
            "audience": typed.audience,
        },
    )
    return key


def _check(title: str, text: str) -> None:
    unknown = unknown_names(f"{title}\n{text}")
    if unknown:
        raise TextRefused(
            _("There is no figure %(names)s. Write one of these: %(known)s.")
            % {
                "names": "、".join(f"{{{name}}}" for name in unknown),
                "known": "、".join(f"{{{name}}}" for name in FIGURES),
            }
        )
    if bool(title) != bool(text):
        raise TextRefused(_("Give both a title and a text, or neither."))
    if len(title) > TITLE_LETTERS or len(text) > TEXT_LETTERS:
        raise TextRefused(
            _("The title holds %(title)s letters and the text %(text)s; shorten them.")
            % {"title": TITLE_LETTERS, "text": TEXT_LETTERS}
        )
