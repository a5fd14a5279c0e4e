"""The wire to a gateway of text messages."""

from anlan.warning.gateways.posting import Orders
from anlan.warning.gateways.provider import ProviderSettings
from anlan.warning.gateways.sms.frame import KIND


class Sms(Orders):
    """Orders up to a hundred text messages in a request."""

    def __init__(self, settings: ProviderSettings) -> None:
        super().__init__(settings, kind=KIND)
