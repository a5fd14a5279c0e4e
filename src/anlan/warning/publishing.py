"""Warnings as bytes for others: messages signed with the county's key, feeds, GeoJSON."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from anlan.registry.data import Bearing
from anlan.warning.core.cap_out import OutgoingWarning, alert_of, cancel_of, in_cap
from anlan.warning.gateways.cap.feed_writing import Feed, FeedEntry
from anlan.warning.gateways.cap.geojson import Feature, feature_collection
from anlan.warning.gateways.cap.signing import Signer, UnusableKey
from anlan.warning.gateways.cap.values import Alert

MOST_ENTRIES: Final = 200
_log = logging.getLogger(__name__)
Link = Callable[[str], str]


def county_signer() -> Signer | None:
    """Return who signs for the county, None where no key is set.

    Raises UnusableKey where the files that the settings name cannot be read or do not fit.
    """
    key, certificate = settings.ANLAN_CAP_KEY, settings.ANLAN_CAP_CERTIFICATE
    if not key and not certificate:
        return None
    if not key or not certificate:
        raise UnusableKey("half", "a key needs its certificate, and a certificate its key")
    try:
        return _signer(*_state_of(key), *_state_of(certificate))
    except OSError as error:
        raise UnusableKey("no-file", f"{error.filename}: {error.strerror}") from None


def _state_of(path: str) -> tuple[str, int]:
    """Return a file with the time of its last change: a new key is taken without a restart."""
    return path, Path(path).stat().st_mtime_ns


@lru_cache(maxsize=2)
def _signer(key: str, _key_at: int, certificate: str, _certificate_at: int) -> Signer:
    return Signer(key_pem=Path(key).read_bytes(), certificate_pem=Path(certificate).read_bytes())


def signed_if_possible(data: bytes) -> bytes:
    """Return a message with the county's signature, or as it is where there is no key to sign by.

    A warning without a signature is better than none: what is wrong with a key goes to the log.
    """
    try:
        signer = county_signer()
    except UnusableKey as error:
        _log.error("CAP messages leave unsigned: %s", error)
        return data
    return data if signer is None else signer.sign(data)


def messages_of(warnings: Iterable[OutgoingWarning]) -> list[Alert]:
    """Return the messages of warnings, those that end them among them, newest first."""
    found: list[Alert] = []
    for warning in warnings:
        found.append(alert_of(warning))
        end = cancel_of(warning)
        if end is not None:
            found.append(end)
    return sorted(found, key=lambda alert: (alert.sent, alert.identifier), reverse=True)


def feed_of(
    place: Bearing,
    warnings: Sequence[OutgoingWarning],
    *,
    title: str,
    address: str,
    link: Link,
    sender: str,
    now: datetime,
) -> Feed:
    """Return the newest messages over a place as a feed; `link` leads to one by its number.

    An empty feed is as old as the day, so that it does not change with every look at it.
    """
    alerts = messages_of(warnings)[:MOST_ENTRIES]
    today = in_cap(now).replace(hour=0, minute=0, second=0)
    return Feed(
        key=place.code,
        sender=sender,
        title=title,
        address=address,
        updated=alerts[0].sent if alerts else today,
        author=warnings[0].sender_name if warnings else place.name,
        entries=[
            FeedEntry(alert, link(alert.identifier), alert.infos[0].headline) for alert in alerts
        ],
    )


def map_of(warnings: Iterable[OutgoingWarning], *, link: Link) -> bytes:
    """Return warnings as a GeoJSON collection."""
    return feature_collection(_feature(warning, link=link) for warning in warnings)


def _feature(warning: OutgoingWarning, *, link: Link) -> Feature:
    alert = alert_of(warning)
    info = alert.infos[0]
    (area,) = info.areas
    times = {"sent": alert.sent, "onset": info.onset, "expires": info.expires}
    properties: dict[str, Any] = {
        "identifier": alert.identifier,
        "sender": alert.sender,
        "senderName": info.sender_name,
        "status": alert.status.value,
        "event": info.event,
        "eventCode": info.event_codes[0].value if info.event_codes else "",
        "hazard": warning.hazard.value,
        "colour": warning.colour.name.lower(),
        "severity": info.severity.value,
        "urgency": info.urgency.value,
        "certainty": info.certainty.value,
        **{name: at.isoformat() if at else None for name, at in times.items()},
        "headline": info.headline,
        "description": info.description,
        "instruction": info.instruction,
        "areaDesc": area.description,
        "divisions": list(warning.villages),
        "message": link(alert.identifier),
    }
    rings = tuple([(lon, lat) for lat, lon in polygon] for polygon in area.polygons)
    return Feature(alert.identifier, rings, properties)
