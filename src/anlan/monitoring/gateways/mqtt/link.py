"""One connection to the broker, which acknowledges only what it is told to.

The client library acknowledges a message as soon as it has handed it over. Its manual mode leaves
that to us: a message whose readings are not durable stays with the broker, which sends it again
to the next connection of the same session (MQTT 5.0, section 4.4). The broker sends at most
`MOST_WAITING` messages that are not acknowledged, so that memory is bounded and a slow database
slows the broker down.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from struct import Struct
from typing import Any, Final

import aiomqtt
from paho.mqtt.client import MQTT_CLEAN_START_FIRST_ONLY, PUBACK, MQTTMessage
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from anlan.kernel import clock
from anlan.monitoring.gateways.mqtt.broker import Broker
from anlan.monitoring.gateways.mqtt.messages import Message

MOST_WAITING: Final = 2_000
LARGEST_PACKET: Final = 160 * 1024
KEEP_ALIVE_S: Final = 30
REFUSED_FROM: Final = 0x80
QOS: Final = 1
MOST_AT_ONCE: Final = 100
_PUBACK: Final = Struct("!BBH")


class Link(aiomqtt.Client):
    """A connection with a session that outlives it."""

    def __init__(self, broker: Broker, *, most_waiting: int = MOST_WAITING) -> None:
        is_newest = broker.version == "5"
        super().__init__(
            broker.host,
            broker.port,
            username=broker.user,
            password=broker.password,
            identifier=broker.client_id,
            tls_context=broker.tls,
            keepalive=KEEP_ALIVE_S,
            protocol=aiomqtt.ProtocolVersion.V5 if is_newest else aiomqtt.ProtocolVersion.V311,
            clean_session=None if is_newest else False,
            clean_start=False if is_newest else MQTT_CLEAN_START_FIRST_ONLY,
            properties=_wishes(broker, most_waiting=most_waiting) if is_newest else None,
        )
        self._client.manual_ack_set(True)  # noqa: FBT003 - the library's own
        self._waiting: deque[Message] = deque()
        self._has_come = asyncio.Event()

    def __len__(self) -> int:
        """Return how many messages wait here."""
        return len(self._waiting)

    async def gathered(self, *, most: int, linger_s: float, patience_s: float) -> list[Message]:
        """Return the messages that have come, at most so many; none when patience has run out.

        After the first one it lingers for more, so that many share a transaction. Raises MqttError
        when the connection is gone.
        """
        if not self._waiting:
            await self._wait(patience_s)
        if self._waiting and len(self._waiting) < most and linger_s:
            await asyncio.sleep(linger_s)
        return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def wake(self) -> None:
        """Let whoever waits for messages go on without any."""
        self._has_come.set()

    def acknowledge(self, messages: Iterable[Message]) -> None:
        """Tell the broker that these messages are kept for good, in the order in which they came.

        The library's `ack` would send each in a packet to the network of its own.
        """
        numbers = [message.number for message in messages if message.number]
        if numbers:
            packets = b"".join(_PUBACK.pack(PUBACK, 2, number) for number in numbers)
            self._client._packet_queue(PUBACK, packets, numbers[-1], QOS)

    async def follow(self, pattern: str) -> bool:
        """Subscribe to a filter; tell whether the broker allows it."""
        (answer,) = await self.subscribe(pattern, qos=QOS)
        code = answer if isinstance(answer, int) else answer.value
        return code < REFUSED_FROM

    def _on_message(self, client: Any, userdata: Any, message: MQTTMessage) -> None:
        self._waiting.append(
            Message(
                topic=_topic_of(message),
                payload=bytes(message.payload),
                received_at=clock.now(),
                number=message.mid if message.qos else 0,
                is_again=bool(message.dup),
                is_retained=bool(message.retain),
            )
        )
        self._has_come.set()

    def _on_socket_open(self, client: Any, userdata: Any, sock: Any) -> None:
        """Read what has come in one go; the library would wait for the loop before each packet."""
        super()._on_socket_open(client, userdata, sock)
        self._loop.call_soon_threadsafe(self._loop.add_reader, sock.fileno(), self._read, sock)

    def _read(self, sock: Any) -> None:
        try:
            for _ in range(MOST_AT_ONCE):
                before = len(self._waiting)
                self._client.loop_read()
                if len(self._waiting) == before and not _holds_more(sock):
                    return
        except Exception as error:  # noqa: BLE001 - whatever it is, this connection is over
            if not self._disconnected.done():
                self._disconnected.set_exception(error)
            return
        if _holds_more(sock):
            self._loop.call_soon(self._read, sock)

    def _on_disconnect(self, *args: Any, **kwargs: Any) -> None:
        """Say at once, and not after a time, that a broker hangs up instead of greeting."""
        if not self._connected.done():
            self._connected.set_exception(aiomqtt.MqttError("the broker hangs up"))
        super()._on_disconnect(*args, **kwargs)

    async def _wait(self, patience_s: float) -> None:
        coming: asyncio.Future[Any] = asyncio.ensure_future(self._has_come.wait())
        gone: asyncio.Future[Any] = self._disconnected
        first = asyncio.FIRST_COMPLETED
        await asyncio.wait({coming, gone}, timeout=patience_s, return_when=first)
        coming.cancel()
        self._has_come.clear()
        if self._disconnected.done():
            raise aiomqtt.MqttError("the connection is gone") from self._disconnected.exception()


def _wishes(broker: Broker, *, most_waiting: int) -> Any:
    found: Any = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # untyped there
    found.SessionExpiryInterval = broker.session_s
    found.ReceiveMaximum = most_waiting
    found.MaximumPacketSize = LARGEST_PACKET
    return found


def _holds_more(sock: Any) -> bool:
    """Tell whether a socket has read more from the network than it has given out, as TLS does."""
    pending = getattr(sock, "pending", None)
    return pending is not None and sock.fileno() >= 0 and pending() > 0


def _topic_of(message: MQTTMessage) -> str:
    """Return the topic; a broker that lets bytes through that are no text gets them marked."""
    try:
        return str(message.topic)
    except UnicodeDecodeError:
        return "\ufffd"
