"""The wires to loudspeakers: a platform over HTTP."""

from anlan.warning.gateways.loudspeaker.frame import KIND
from anlan.warning.gateways.posting import Orders
from anlan.warning.gateways.provider import ProviderSettings


class LoudspeakerHttp(Orders):
    """Orders broadcasts of a platform that owns the devices."""

    def __init__(self, settings: ProviderSettings) -> None:
        super().__init__(settings, kind=KIND)
