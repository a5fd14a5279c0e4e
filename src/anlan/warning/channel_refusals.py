"""Why a way out is not kept or tried, in sentences for whoever asked."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class ProviderOutOfSight(LookupError):
    """No provider with this uuid belongs to a county in sight, or it has ended."""


class LoudspeakerOutOfSight(LookupError):
    """No loudspeaker with this key stands in a village in sight, or it has ended."""


class Faulty(ValueError):
    """What was typed cannot be kept; `faults` name each field with what to change."""

    def __init__(self, faults: Iterable[tuple[str, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(sentence for _field, sentence in self.faults))


class ProviderRefused(Faulty):
    """A provider that cannot be kept as it was typed."""


class LoudspeakerRefused(Faulty):
    """A loudspeaker that cannot be kept as it was typed."""


class ChannelsRefused(Faulty):
    """An order of channels that cannot be kept as it was typed."""


class ProviderInUse(ValueError):
    """Loudspeakers are reached through the provider that somebody ends."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(
            ngettext(
                "%(n)s loudspeaker is reached through this provider. Give it another one, or end "
                "it first.",
                "%(n)s loudspeakers are reached through this provider. Give them another one, or "
                "end them first.",
                count,
            )
            % {"n": count}
        )


class TrialRefused(ValueError):
    """A test message that is not sent; says why."""


class TriedJustNow(TrialRefused):
    """A provider is tried again within the minute."""

    def __init__(self) -> None:
        super().__init__(_("A test message left within the last minute. Wait a moment."))
