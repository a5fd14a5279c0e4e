"""Read the recorded SZY 206 frames by their letter."""

from importlib.resources import files

FOLDER = files("anlan.monitoring.gateways.szy206") / "specimens"
REFUSED_NAMES = frozenset("EFGH")


def _read() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    name = ""
    for line in (FOLDER / "szy206_frames.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            name = line.split()[1]
        else:
            found[name] = bytes.fromhex(line)
    return found


BY_NAME = _read()
SOUND = [data for name, data in BY_NAME.items() if name not in REFUSED_NAMES]
REFUSED = [data for name, data in BY_NAME.items() if name in REFUSED_NAMES]
