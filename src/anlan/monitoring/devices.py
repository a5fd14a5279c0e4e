"""The device models at work: which one reads a topic, and why one is not kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from anlan.monitoring.gateways.mqtt.mapping import PayloadMapping
from anlan.monitoring.gateways.mqtt.topics import matches, precision

MOST_REMEMBERED: Final = 20_000


@dataclass(frozen=True)
class ReadyModel:
    """A device model whose mapping is ready to read with; `stored` is the mapping as kept."""

    id: int
    name: str
    topic: str
    stored: dict[str, Any]
    mapping: PayloadMapping


class ModelBook:
    """The models with a topic, asked by topic; what was asked is remembered."""

    def __init__(self, models: Iterable[ReadyModel]) -> None:
        with_topic = [model for model in models if model.topic]
        self.models = tuple(sorted(with_topic, key=lambda x: (precision(x.topic), x.name)))[::-1]
        self._of_topic: dict[str, tuple[ReadyModel, ...]] = {}

    @property
    def filters(self) -> list[str]:
        """Return the filters to subscribe to, each once."""
        return sorted({model.topic for model in self.models})

    def reading(self, topic: str) -> tuple[ReadyModel, ...]:
        """Return the models that may read a topic, the narrowest filter first."""
        found = self._of_topic.get(topic)
        if found is None:
            if len(self._of_topic) >= MOST_REMEMBERED:
                self._of_topic.clear()
            found = tuple(model for model in self.models if matches(model.topic, topic))
            self._of_topic[topic] = found
        return found


class DeviceModelRefused(ValueError):
    """A device model that is not kept; `sentences` say what to change."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(" ".join(self.sentences))

    @classmethod
    def for_name(cls, name: str) -> "DeviceModelRefused":
        """Return the refusal of a name that is taken, or is none."""
        if not name:
            return cls([_("Give the device model a name, in 1 to 60 signs.")])
        return cls([_("The name “%(name)s” is taken; choose another one.") % {"name": name}])

    @classmethod
    def used_elsewhere(cls, name: str, stations: int) -> "DeviceModelRefused":
        """Return the refusal of a change that stations of others would feel."""
        words = _(
            "%(count)s stations of other divisions use “%(name)s”. Keep your change under another "
            "name, and give that one to your stations."
        )
        return cls([words % {"count": stations, "name": name}])

    @classmethod
    def changed_since(cls, name: str) -> "DeviceModelRefused":
        """Return the refusal of a change of what somebody else has changed meanwhile."""
        words = _("Somebody has changed “%(name)s” since you opened it. Open it again.")
        return cls([words % {"name": name}])


class DeviceModelOutOfSight(LookupError):
    """There is no such device model."""
