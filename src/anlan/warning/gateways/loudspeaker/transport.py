"""The wires to loudspeakers: a platform over HTTP, and devices over MQTT.

Over MQTT each message goes to the topic of its device at QoS 1, and the broker's acknowledgement
is what counts as taken. A connection lives as long as a batch: no thread of ours keeps it open
between two floods, and no message is sent again behind our back.
"""

import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from anlan.warning.gateways.dialling import connected
from anlan.warning.gateways.loudspeaker.frame import KIND, broadcast_of, topic_of
from anlan.warning.gateways.ordering import Unsendable
from anlan.warning.gateways.posting import Orders, tls_of
from anlan.warning.gateways.provider import Outcome, Outgoing, ProviderSettings, Sent

QOS: Final = 1
_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}
_KEEP_ALIVE_S: Final = 30
_STEP_S: Final = 0.1
_LATER: Final = frozenset((0x10, 0x97))  # nobody listens to the topic; too many messages


class LoudspeakerHttp(Orders):
    """Orders broadcasts of a platform that owns the devices."""

    def __init__(self, settings: ProviderSettings) -> None:
        super().__init__(settings, kind=KIND)


@dataclass(frozen=True, slots=True)
class Broker:
    """Where a broker is."""

    host: str
    port: int
    is_secure: bool


def broker_of(address: str) -> Broker:
    """Return the broker that an address means; raise ValueError when it means none."""
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None:
        raise ValueError("no address of a broker")
    return Broker(parts.hostname, parts.port or _PORTS[parts.scheme], parts.scheme == "mqtts")


class LoudspeakerMqtt:
    """Publishes broadcasts to devices."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings, self._broker = settings, broker_of(settings.address)
        self._tls = (tls_of(settings) or ssl.create_default_context()) if self._is_secure else None

    @property
    def _is_secure(self) -> bool:
        return self._broker.is_secure

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Sent]:
        """Publish all, and wait for what the broker says of each."""
        said: dict[int, Sent] = {}
        ready: list[tuple[int, str, bytes]] = []
        for at, message in enumerate(messages):
            try:
                topic = topic_of(message, self._settings)
                ready.append((at, topic, broadcast_of(message, self._settings)))
            except Unsendable as fault:
                said[at] = Sent(Outcome.REFUSED, reason=str(fault))
        if ready:
            said |= _Publishing(self._settings, self._broker, self._tls).all_of(ready)
        return [said[at] for at in range(len(messages))]

    def close(self) -> None:
        """Do nothing: no connection outlives a batch."""


class _Client(mqtt.Client):
    """A client that connects as we do: within the time, and closed when the greeting fails."""

    dial: Callable[[], socket.socket]

    def _create_socket(self) -> socket.socket:
        return self.dial()


class _Publishing:
    """One connection with its batch."""

    def __init__(
        self, settings: ProviderSettings, broker: Broker, tls: ssl.SSLContext | None
    ) -> None:
        self._until = monotonic() + settings.timeout_s
        self._broker = broker
        self._answer: ReasonCode | None = None
        self._waiting: dict[int, int] = {}
        self._said: dict[int, Sent] = {}
        is_older = settings.options.get("version") == "3.1.1"
        self._client = _Client(
            CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311 if is_older else mqtt.MQTTv5
        )
        self._client.dial = lambda: connected(broker.host, broker.port, until=self._until, tls=tls)
        if settings.account:
            self._client.username_pw_set(settings.account, settings.secret)
        self._client.on_connect = self._on_connect
        self._client.on_publish = self._on_publish

    def all_of(self, ready: Sequence[tuple[int, str, bytes]]) -> dict[int, Sent]:
        """Return what the broker said of each message, by its place."""
        fault = self._connected()
        if fault is not None:
            return dict.fromkeys((at for at, _, _ in ready), fault)
        for at, topic, payload in ready:
            told = self._client.publish(topic, payload, qos=QOS)
            self._waiting[told.mid] = at
        while self._waiting and self._goes_on():
            pass
        reason = "timeout" if monotonic() >= self._until else "connection"
        for at in self._waiting.values():
            self._said[at] = Sent(Outcome.UNKNOWN, reason=reason)
        self._client.disconnect()
        return self._said

    def _connected(self) -> Sent | None:
        """Connect; return why nothing can be published, None when all is well."""
        try:
            self._client.connect(self._broker.host, self._broker.port, keepalive=_KEEP_ALIVE_S)
        except TimeoutError:
            return Sent(Outcome.DOWN, reason="timeout")
        except ssl.SSLError:
            return Sent(Outcome.DOWN, reason="tls")
        except OSError:
            return Sent(Outcome.DOWN, reason="connection")
        while self._answer is None and self._goes_on():
            pass
        if self._answer is None:
            is_late = monotonic() >= self._until
            self._client.disconnect()
            return Sent(Outcome.DOWN, reason="timeout" if is_late else "connection")
        if self._answer.is_failure:
            return Sent(Outcome.DOWN, reason=f"mqtt {self._answer.value}")
        return None

    def _goes_on(self) -> bool:
        """Read and write for a moment; tell whether the connection and the time hold."""
        left = self._until - monotonic()
        if left <= 0:
            return False
        return self._client.loop(min(left, _STEP_S)) == MQTTErrorCode.MQTT_ERR_SUCCESS

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, code: ReasonCode, *_: Any) -> None:
        self._answer = code

    def _on_publish(self, _client: Any, _data: Any, mid: int, code: ReasonCode, *_: Any) -> None:
        at = self._waiting.pop(mid, None)
        if at is None:
            return
        if code.value in _LATER:
            self._said[at] = Sent(Outcome.LATER, reason=f"mqtt {code.value}")
        elif code.is_failure:
            self._said[at] = Sent(Outcome.REFUSED, reason=f"mqtt {code.value}")
        else:
            self._said[at] = Sent(Outcome.TAKEN)
