"""The words of a communication test: that it is one, and that nothing has happened."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _


def test_title(*, place: str) -> str:
    """Return the line that a phone shows first, in the county's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("%(place)s: communication TEST, no warning") % {"place": place}


def test_text(*, ends_at: datetime) -> str:
    """Return what the message says, in the county's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        return _(
            "This is a TEST of whether you can be reached by this phone. Nothing has happened and "
            "nothing is to be done. Please answer this message once, by %(until)s."
        ) % {"until": f"{timezone.localtime(ends_at):%m-%d %H:%M}"}
