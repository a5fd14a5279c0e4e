"""The words of a communication test: that it is one, and that nothing has happened."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# What the program itself notes; a provider's own words stand as they came.
REASONS: Mapping[str, str | Promise] = {
    "no number in the register": gettext_lazy("no number in the register"),
    "no such number": gettext_lazy("no such number"),
}
WAYS: Mapping[str, str | Promise] = {
    "page": gettext_lazy("on the page"),
    "phone": gettext_lazy("phone call by the duty officer"),
    "sms": gettext_lazy("text message"),
    "voice": gettext_lazy("voice call with key-press"),
    "link": gettext_lazy("link in the message"),
}


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


def reason_words(reason: str) -> str:
    """Return why a person was not reached, as people read it."""
    return str(REASONS.get(reason, reason))


def way_words(via: str) -> str:
    """Return by what an answer came, as people read it."""
    return str(WAYS.get(via, via))
