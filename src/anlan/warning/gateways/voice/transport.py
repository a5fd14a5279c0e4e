"""The wire to a platform that places calls."""

from anlan.warning.gateways.posting import Orders
from anlan.warning.gateways.provider import ProviderSettings
from anlan.warning.gateways.voice.frame import KIND


class Voice(Orders):
    """Orders up to fifty calls in a request."""

    def __init__(self, settings: ProviderSettings) -> None:
        super().__init__(settings, kind=KIND)
