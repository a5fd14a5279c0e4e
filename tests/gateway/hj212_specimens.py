"""Read the recorded HJ 212 messages, each with its CR LF put back."""

from importlib.resources import files

FOLDER = files("anlan.monitoring.gateways.hj212") / "specimens"
DAMAGED_NAMES = frozenset(("J04", "K08", "K09"))


def _read() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    name = ""
    for file in ("hj212_frames.txt", "more_frames.txt"):
        for line in (FOLDER / file).read_text("utf-8").splitlines():
            if line.startswith("# "):
                name = line.split()[1]
            elif line:
                found[name] = line.encode() + b"\r\n"
    return found


BY_NAME = _read()
SOUND = [data for name, data in BY_NAME.items() if name not in DAMAGED_NAMES]
DAMAGED = [data for name, data in BY_NAME.items() if name in DAMAGED_NAMES]
