"""What somebody types of the ways out: a provider, a loudspeaker, a person's own order."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class TypedProvider:
    """A provider as somebody sets it up; an empty secret leaves the one that is kept."""

    county: str
    kind: str
    name: str
    address: str = ""
    account: str = ""
    secret: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict)
    order: int = 1
    per_minute: int = 600
    timeout_s: float = 5.0


@dataclass(frozen=True)
class TypedLoudspeaker:
    """A loudspeaker of a village, as somebody writes it down; the provider by its uuid."""

    village: str
    provider_uuid: str
    device: str
    name: str


@dataclass(frozen=True)
class TypedWay:
    """One step of a person's own order: a kind, and where it finds them if not by the phone."""

    kind: str
    to: str = field(default="", repr=False)
