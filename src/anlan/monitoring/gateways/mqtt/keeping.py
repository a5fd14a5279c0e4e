"""What the wire asks of the house: the topics to follow, and keeping what has come."""

from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, close_old_connections, connections

from anlan.kernel import clock
from anlan.kernel.actors import the_program
from anlan.kernel.scope import everywhere
from anlan.monitoring.actions.keep_untaken_message import keep_untaken_message
from anlan.monitoring.actions.take_messages import take_messages
from anlan.monitoring.gateways.mqtt.messages import Message
from anlan.monitoring.gateways.mqtt.transport import Store
from anlan.monitoring.queries.device_models import model_book

ACTOR = the_program("mqtt")


def house_store(peer: str) -> Store:
    """Return the store of this house; `peer` names the broker in what is quarantined."""

    def take(messages: Sequence[Message]) -> None:
        close_old_connections()
        with everywhere("readings over MQTT"):
            take_messages(messages, peer=peer, by=ACTOR, now=clock.now())

    return Store(
        filters=_filters,
        take=take,
        keep_untaken=_keep_untaken,
        is_away=_is_away,
        close=connections.close_all,
    )


def _filters() -> list[str]:
    close_old_connections()
    return model_book().filters


def _keep_untaken(message: Message) -> None:
    keep_untaken_message(message, by=ACTOR, now=clock.now())


def _is_away(error: BaseException) -> bool:
    return isinstance(error, OperationalError | InterfaceError)
