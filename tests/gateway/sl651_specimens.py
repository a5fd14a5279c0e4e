"""Read the recorded SL 651-2014 frames and their decodings."""

import json
from importlib.resources import files

FOLDER = files("anlan.monitoring.gateways.sl651") / "specimens"
FRAMES = [
    bytes.fromhex(line)
    for line in (FOLDER / "frames.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
DOCUMENTS = [
    json.loads(line) for line in (FOLDER / "decoded.jsonl").read_text("utf-8").splitlines()
]
BY_NUMBER = {document["n"]: frame for document, frame in zip(DOCUMENTS, FRAMES, strict=True)}
SOUND = [frame for document, frame in zip(DOCUMENTS, FRAMES, strict=True) if document["crc_ok"]]
