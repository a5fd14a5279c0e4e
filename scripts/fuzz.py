"""Fuzz every decoder with coverage guidance: no crash, no hang, memory bounded.

    python -m scripts.fuzz [seconds=60] [target …]

Each target runs in a process of its own, from the recorded traffic on. A target may refuse what it
is given by its own error and by nothing else; an input may take a second at most, and the process
512 MB. Ends with 1 when a target failed, and says with which input.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GATEWAYS = ROOT / "src" / "anlan" / "monitoring" / "gateways"
CAP = ROOT / "src" / "anlan" / "warning" / "gateways" / "cap"
MEMORY_MB = 512
SECONDS_AN_INPUT = 1
LONGEST = 4096


@dataclass(frozen=True)
class Target:
    """One decoder: the statements that import it and the lines that feed it `data`."""

    name: str
    imports: tuple[str, ...]
    feed: tuple[str, ...]
    seeds: Callable[[], list[bytes]]
    cut_at: int = 0


def _lines(path: Path, *, is_hex: bool) -> list[bytes]:
    text = path.read_text(encoding="utf-8", errors="replace").splitlines()
    lines = [line for line in text if line.strip() and not line.startswith("#")]
    return [bytes.fromhex(each) if is_hex else (each + "\r\n").encode() for each in lines]


def _sl651() -> list[bytes]:
    return _lines(GATEWAYS / "sl651" / "specimens" / "frames.txt", is_hex=True)


def _szy206() -> list[bytes]:
    files = sorted((GATEWAYS / "szy206" / "specimens").glob("*frames*.txt"))
    return [frame for path in files for frame in _lines(path, is_hex=True)]


def _hj212() -> list[bytes]:
    return _lines(GATEWAYS / "hj212" / "specimens" / "hj212_frames.txt", is_hex=False)


def _cap() -> list[bytes]:
    return [path.read_bytes() for path in sorted((CAP / "specimens").glob("*.xml"))]


def _feeds() -> list[bytes]:
    alert = (CAP / "specimens" / "nws_thunderstorm.xml").read_bytes()
    entry = b'<entry><id>1</id><link href="a"/></entry>'
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom">' + entry + b"</feed>"
    rss = b"<rss version='2.0'><channel><item><link>a</link><guid>1</guid></item></channel></rss>"
    return [atom, rss, alert]


def _payloads() -> list[bytes]:
    given = [
        {"id": "a", "t": "2026-07-01T08:00:00+08:00", "data": [{"rain": 1.5}]},
        {"id": "a", "t": 1_782_864_000, "data": []},
        {"id": 7, "data": {"0": {"rain": "1.5"}}},
    ]
    return [json.dumps(each).encode() for each in given]


def _answers() -> list[bytes]:
    head = b"HTTP/1.1 200 OK\r\n"
    return [
        head + b"Content-Length: 2\r\n\r\n{}",
        head + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + head + b"Connection: close\r\n\r\n{}",
    ]


def _callbacks() -> list[bytes]:
    report = {"extId": "k1", "msgId": "m1", "status": "DELIVRD", "mobile": "13900000001"}
    call = {"callId": "k1", "to": "13900000001", "result": "answered", "key": "1"}
    played = {"id": "k1", "device": "d1", "status": "failed", "reason": "no power"}
    given: list[dict[str, object]] = [
        {"reports": [report], "replies": [{"mobile": "+86 139", "text": "1"}]},
        {"calls": [call]},
        {"reports": [played]},
        dict(played),
    ]
    return [json.dumps(each).encode() for each in given]


def _callback(kind: str) -> Target:
    """Return a target that signs what it is given: a guessed signature would stop all of it."""
    return Target(
        f"{kind}-callback",
        (
            f"from anlan.warning.gateways.{kind}.frame import read_callback",
            "from anlan.warning.gateways.provider import CallbackRefused, ProviderSettings",
            "from anlan.warning.gateways.signing import CALLBACK, signed",
            "settings = ProviderSettings('fuzz', '', 'account', 'secret')",
        ),
        (
            "headers = signed(data, settings=settings, now=NOW, nonce='n' * 16, purpose=CALLBACK)",
            "try:",
            "    read_callback(settings, headers=headers, body=data, now=NOW)",
            "except CallbackRefused:",
            "    pass",
        ),
        _callbacks,
    )


def _stream(protocol: str) -> Target:
    return Target(
        f"{protocol}-stream",
        (f"from anlan.monitoring.gateways.{protocol}.stream import FrameStream",),
        (
            "stream = FrameStream()",
            "half = len(data) // 2",
            "stream.feed(data[:half]); stream.feed(data[half:]); stream.close()",
        ),
        {"sl651": _sl651, "szy206": _szy206, "hj212": _hj212}[protocol],
    )


def _decoder(protocol: str, *, resealed: str = "") -> Target:
    room = f"anlan.monitoring.gateways.{protocol}"
    return Target(
        protocol + ("-resealed" if resealed else ""),
        (
            f"from {room}.errors import FrameError",
            f"from {room}.frame import decode",
            f"from {room}.document import as_document",
            "from fastcrc import crc16",
        ),
        (
            *((resealed,) if resealed else ()),
            "try:",
            "    as_document(decode(data))",
            "except FrameError:",
            "    pass",
        ),
        {"sl651": _sl651, "szy206": _szy206, "hj212": _hj212}[protocol],
    )


TARGETS = (
    _decoder("sl651"),
    # A guessed checksum would keep the fuzzer at the gate: sealed anew, every body is read.
    _decoder("sl651", resealed="data = data[:-2] + crc16.modbus(data[:-2]).to_bytes(2, 'big')"),
    _stream("sl651"),
    _decoder("szy206"),
    _stream("szy206"),
    _decoder("hj212"),
    _stream("hj212"),
    Target(
        "cap",
        (
            "from anlan.warning.gateways.cap.errors import CapError",
            "from anlan.warning.gateways.cap.frame import decode",
        ),
        ("try:", "    decode(data)", "except CapError:", "    pass"),
        _cap,
    ),
    Target(
        "cap-feed",
        (
            "from anlan.warning.gateways.cap.errors import CapError",
            "from anlan.warning.gateways.cap.feeds import read_feed",
        ),
        (
            "try:",
            "    read_feed(data, address='https://example.org/feed')",
            "except CapError:",
            "    pass",
        ),
        _feeds,
    ),
    Target(
        "mqtt-payload",
        (
            "from anlan.monitoring.gateways.mqtt.checking import mapping_of",
            "from anlan.monitoring.gateways.mqtt.examples import EXAMPLES",
            "from anlan.monitoring.gateways.mqtt.mapping import readings_in",
            "from anlan.monitoring.gateways.mqtt.refusals import PayloadRefused",
            "mappings = [mapping_of(each.mapping) for each in EXAMPLES]",
        ),
        (
            "for mapping in mappings:",
            "    try:",
            "        readings_in(data, mapping, topic='a/b/c/d', received_at=NOW, zone=UTC)",
            "    except PayloadRefused:",
            "        pass",
        ),
        _payloads,
    ),
    _callback("sms"),
    _callback("voice"),
    _callback("loudspeaker"),
    Target(
        "loudspeaker-receipt",
        (
            "from anlan.warning.gateways.loudspeaker.frame import read_receipt",
            "from anlan.warning.gateways.provider import CallbackRefused",
        ),
        ("try:", "    read_receipt(data)", "except CallbackRefused:", "    pass"),
        _callbacks,
    ),
    Target(
        "http-answer",
        ("from anlan.warning.gateways.answers import Reading",),
        (
            "reading, half = Reading(), len(data) // 2",
            "try:",
            "    reading.feed(data[:half]) or reading.feed(data[half:]) or reading.feed(b'')",
            "except ValueError:",
            "    pass",
        ),
        _answers,
    ),
)


def program_of(target: Target) -> str:
    """Return the program that fuzzes a target."""
    feed = "\n    ".join(target.feed)
    imports = "\n    ".join(target.imports)
    return f"""
import sys
import atheris

with atheris.instrument_imports(include=["anlan"]):
    {imports}

from datetime import UTC, datetime
NOW = datetime(2026, 7, 1, tzinfo=UTC)


def one_input(data):
    {feed}


atheris.Setup(sys.argv, one_input)
atheris.Fuzz()
"""


def fuzz(target: Target, *, seconds: int, folder: Path) -> tuple[bool, str]:
    """Fuzz one target and return whether it held, with the last words of its process."""
    corpus = folder / target.name
    corpus.mkdir()
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(seed[:LONGEST])
    program = folder / f"{target.name}.py"
    program.write_text(program_of(target))
    done = subprocess.run(
        [
            sys.executable,
            str(program),
            str(corpus),
            f"-max_total_time={seconds}",
            f"-timeout={SECONDS_AN_INPUT}",
            f"-rss_limit_mb={MEMORY_MB}",
            f"-max_len={LONGEST}",
            f"-artifact_prefix={folder}/{target.name}-",
            "-print_final_stats=1",
            "-verbosity=1",
        ],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    if done.returncode == 0:
        runs = [x.split()[-1] for x in said.splitlines() if "number_of_executed_units" in x]
        return True, f"{runs[0] if runs else '?'} inputs"
    inputs = sorted(folder.glob(f"{target.name}-*-*"))
    shown = f"; input {inputs[0].read_bytes()[:200].hex()}" if inputs else ""
    return False, "\n".join(said.strip().splitlines()[-25:]) + shown


def main(arguments: list[str]) -> int:
    """Return 0 when every target held."""
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not made for this machine: the fuzz targets are left out.")
        return 0
    seconds = int(arguments[0]) if arguments else 60
    names = set(arguments[1:])
    folder = Path(tempfile.mkdtemp(prefix="anlan-fuzz-"))
    failed = 0
    try:
        for target in TARGETS:
            if names and target.name not in names:
                continue
            held, words = fuzz(target, seconds=seconds, folder=folder)
            failed += not held
            print(f"{target.name:20} {'held' if held else 'FAILED'}  {words}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
