"""A private Mosquitto on a free port of this machine, with its files in a temporary folder."""

import asyncio
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import aiomqtt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from scripts.services import mosquitto

HOST = "127.0.0.1"
START_S = 20.0


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])


@dataclass
class Mosquitto:
    """The broker. A careful one writes what it holds to disk at every change, and all it does."""

    folder: Path
    settings: Sequence[str] = ("allow_anonymous true",)
    is_careful: bool = True
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        config = self.folder / "mosquitto.conf"
        lines = (
            f"listener {self.port} {HOST}",
            "user root",
            "max_queued_messages 0",
            f"log_dest file {self.folder / 'log'}",
            *(self._careful() if self.is_careful else ("log_type error",)),
            *self.settings,
        )
        config.write_text("\n".join(lines) + "\n")
        program = mosquitto()
        assert program, "Mosquitto is missing: run scripts/services.py"
        self.process = subprocess.Popen(
            [program, "-c", str(config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait_until_open()

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end("kill")

    def stop(self) -> None:
        """End it in good order."""
        self._end("terminate")

    @property
    def log(self) -> str:
        """Return what it has written down."""
        return (self.folder / "log").read_text(errors="replace")

    def _careful(self) -> Sequence[str]:
        return (
            "persistence true",
            f"persistence_location {self.folder}/",
            "autosave_on_changes true",
            "autosave_interval 1",
            "log_type all",
        )

    def _end(self, way: str) -> None:
        if self.process is not None:
            getattr(self.process, way)()
            self.process.wait(timeout=START_S)
            self.process = None

    def _wait_until_open(self) -> None:
        pause = threading.Event()
        for _ in range(int(START_S / 0.05)):
            assert self.process, "not started"
            assert self.process.poll() is None, "Mosquitto ended at once"
            with socket.socket() as knock:
                if knock.connect_ex((HOST, self.port)) == 0:
                    return
            pause.wait(0.05)
        raise AssertionError("Mosquitto does not answer")


async def until(is_so: Callable[[], bool], *, seconds: float = 20.0) -> None:
    """Wait until something is so."""
    never = asyncio.Event()
    for _ in range(int(seconds / 0.02)):
        if is_so():
            return
        await pause(never, 0.02)
    raise AssertionError("it did not come to pass")


async def pause(never: asyncio.Event, seconds: float) -> None:
    """Let others go on for a moment."""
    try:
        await asyncio.wait_for(never.wait(), timeout=seconds)
    except TimeoutError:
        return


async def publish(
    port: int, messages: Iterable[tuple[str, str]], *, tls: ssl.SSLContext | None = None
) -> None:
    """Publish messages at QoS 1, each confirmed by the broker."""
    async with aiomqtt.Client(HOST, port, tls_context=tls) as client:
        for topic, payload in messages:
            await client.publish(topic, payload, qos=1)


@dataclass(frozen=True)
class Papers:
    """A certificate authority of our own with certificates of the broker and of a client."""

    folder: Path

    def make(self) -> "Papers":
        """Write ca.pem, server.pem, server.key, client.pem and client.key into the folder."""
        self.folder.mkdir(exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        ca = self._certificate("Anlan test CA", key, by=None, signer=key)
        self._write("ca", ca, key)
        for name, subject in (("server", HOST), ("client", "anlan")):
            own = ec.generate_private_key(ec.SECP256R1())
            self._write(name, self._certificate(subject, own, by=ca, signer=key), own)
        return self

    def path(self, name: str) -> str:
        """Return the path of one of them."""
        return str(self.folder / name)

    def _certificate(
        self,
        subject: str,
        key: ec.EllipticCurvePrivateKey,
        *,
        by: x509.Certificate | None,
        signer: ec.EllipticCurvePrivateKey,
    ) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
        now = datetime.now(UTC)
        alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))])
        built = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(by.subject if by else name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
            .add_extension(alternative, critical=False)
        )
        return built.sign(signer, hashes.SHA256())

    def _write(self, name: str, paper: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        pem = serialization.Encoding.PEM
        plain = serialization.NoEncryption()
        form = serialization.PrivateFormat.PKCS8
        (self.folder / f"{name}.pem").write_bytes(paper.public_bytes(pem))
        (self.folder / f"{name}.key").write_bytes(key.private_bytes(pem, form, plain))
