"""Measure decoding of CAP 1.2 messages against lxml's bare parse of the same bytes.

    PYTHONPATH=src python bench/cap_decode.py [rounds=300]

The recorded messages of six senders, and one with 2,000 corners as weather services draw them.
Decoding checks every rule of the standard; the bare parse checks nothing but well-formed XML.
Prints the best of five runs on one core, and the ratio of the two.
"""

import math
import sys
import time
from collections.abc import Callable
from importlib.resources import files

from lxml import etree

from anlan.warning.gateways.cap.document import as_document
from anlan.warning.gateways.cap.frame import decode

CORNERS = 2_000


def recorded() -> dict[str, bytes]:
    """Return the recorded messages that are valid, by name."""
    folder = files("anlan.warning.gateways.cap") / "specimens"
    names = sorted(each.name for each in folder.iterdir() if not each.name.startswith("bad_"))
    return {name: (folder / name).read_bytes() for name in names if name.endswith(".xml")}


def drawn(message: bytes) -> bytes:
    """Return a message with a ring of many corners in the place of its first one."""
    turns = [2 * math.pi * n / CORNERS for n in range(CORNERS)]
    pairs = [f"{33 + math.sin(turn):.4f},{107 + math.cos(turn):.4f}" for turn in turns]
    ring = " ".join([*pairs, pairs[0]]).encode()
    start = message.index(b"<polygon>") + len(b"<polygon>")
    return message[:start] + ring + message[message.index(b"</polygon>") :]


def best_s(work: Callable[[bytes], object], messages: list[bytes], *, rounds: int) -> float:
    """Return the seconds a message of the shortest of five runs."""
    best = math.inf
    for _turn in range(5):
        begin = time.perf_counter()
        for _round in range(rounds):
            for message in messages:
                work(message)
        best = min(best, time.perf_counter() - begin)
    return best / rounds / len(messages)


def main(rounds: int) -> None:
    """Print one line a message, then one for all of them."""
    found = recorded()
    found["2,000 corners"] = drawn(found["nws_thunderstorm.xml"])
    parser = etree.XMLParser()
    sets = {name: [data] for name, data in found.items()} | {"all": list(found.values())}
    print(f"{'message':36} {'kB':>6} {'bare/s':>9} {'decoded/s':>9} {'ratio':>6} {'as JSON/s':>9}")
    for name, messages in sets.items():
        size = sum(map(len, messages)) / len(messages) / 1000
        bare = best_s(lambda data: etree.fromstring(data, parser), messages, rounds=rounds)
        read = best_s(decode, messages, rounds=rounds)
        shown = best_s(lambda data: as_document(decode(data)), messages, rounds=rounds)
        rates = f"{1 / bare:9,.0f} {1 / read:9,.0f} {bare / read:6.2f} {1 / shown:9,.0f}"
        print(f"{name:36} {size:6.1f} {rates}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
