"""Where the broker is and how one gets in, from the settings; what is wrong with them."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

PORTS: Final = {"mqtt": 1883, "mqtts": 8883}
VERSIONS: Final = ("5", "3.1.1")


class BrokerUnclear(ValueError):
    """Settings by which no broker can be reached; the text names the variable and the remedy."""


@dataclass(frozen=True)
class Broker:
    """A broker and how one gets in. `share` names the group that takes messages together."""

    host: str
    port: int
    client_id: str
    user: str | None = None
    password: str | None = None
    tls: ssl.SSLContext | None = None
    version: str = "5"
    session_s: int = 72 * 3600
    share: str = ""

    @property
    def name(self) -> str:
        """Return how logs and quarantine name it."""
        return f"mqtt:{self.host}:{self.port}"


def broker_from(told: Mapping[str, str]) -> Broker:
    """Return the broker that the settings tell of; raise BrokerUnclear when they do not.

    `told` holds url, client_id, ca, certificate, key, version, session_hours and share.
    """
    parts = urlsplit(told["url"])
    if parts.scheme not in PORTS or not parts.hostname:
        raise BrokerUnclear("ANLAN_MQTT_URL: give it as mqtt://host or mqtts://user:word@host:8883")
    if told["version"] not in VERSIONS:
        raise BrokerUnclear(f"ANLAN_MQTT_VERSION: {told['version']!r} is not 5 or 3.1.1")
    if not told["session_hours"].isdigit() or not int(told["session_hours"]):
        raise BrokerUnclear("ANLAN_MQTT_SESSION_HOURS: give a whole number of hours, 1 or more")
    if not told["client_id"]:
        raise BrokerUnclear("ANLAN_MQTT_CLIENT_ID: give a name that stays the same")
    try:
        port = parts.port or PORTS[parts.scheme]
    except ValueError:
        raise BrokerUnclear("ANLAN_MQTT_URL: its port is no number up to 65535") from None
    return Broker(
        host=parts.hostname,
        port=port,
        client_id=told["client_id"],
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=_tls(told) if parts.scheme == "mqtts" else None,
        version=told["version"],
        session_s=min(int(told["session_hours"]) * 3600, 0xFFFFFFFE),
        share=told["share"],
    )


def _tls(told: Mapping[str, str]) -> ssl.SSLContext:
    for name in ("ca", "certificate", "key"):
        if told[name] and not Path(told[name]).is_file():
            raise BrokerUnclear(f"ANLAN_MQTT_{name.upper()}: there is no file {told[name]}")
    if bool(told["certificate"]) != bool(told["key"]):
        raise BrokerUnclear("ANLAN_MQTT_CERTIFICATE and ANLAN_MQTT_KEY: give both or neither")
    try:
        context = ssl.create_default_context(cafile=told["ca"] or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if told["certificate"]:
            context.load_cert_chain(told["certificate"], told["key"])
    except (ssl.SSLError, OSError) as error:
        raise BrokerUnclear(
            f"ANLAN_MQTT_CA, _CERTIFICATE or _KEY cannot be used: {error}"
        ) from None
    return context
