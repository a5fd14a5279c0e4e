"""`anlan decode`: anyone can check frames and messages of their own, without a database."""

import json
import os
import subprocess
import sys
import textwrap
from typing import Any

import pytest
from fastcrc import crc16
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from anlan.cli.decode import app
from anlan.cli.main import app as whole
from anlan.monitoring.gateways.sl651.inspecting import inspected
from anlan.warning.gateways.cap.frame import MAX_BYTES
from tests.gateway.cap_specimens import FILES, message
from tests.gateway.cap_specimens import FOLDER as CAP_FOLDER
from tests.gateway.sl651_specimens import DOCUMENTS, FOLDER, FRAMES, SOUND


def run(*words: object, program=app):
    return CliRunner().invoke(program, [str(word) for word in words])


def lines(*words: object) -> list[dict[str, Any]]:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_recorded_frame_gives_its_recorded_line():
    found = lines("sl651", FOLDER / "frames.txt")
    assert len(found) == 75
    for line, document in zip(found, DOCUMENTS, strict=True):
        told = {key: line.pop(key) for key in ("error", "detail") if key in line}
        assert line == document
        assert (told == {}) is document["crc_ok"]
        if told:
            assert told["error"] == "bad-crc"


def test_the_picture_comes_in_thirteen_packets():
    found = lines("sl651", FOLDER / "frames.txt")[23:36]
    assert [line["n"] for line in found] == [f"S{number}" for number in range(24, 37)]
    assert [line["seq"] for line in found] == list(range(1, 14))
    assert {line["packets"] for line in found} == {13}


def test_lines_of_one_s_own(tmp_path):
    file = tmp_path / "mine.txt"
    spaced = " ".join(FRAMES[0].hex(" ").split())
    file.write_text(
        f"\ufeff\n# a note\n{spaced}\n\n{FRAMES[1].hex().lower()}\n# X07 | y\n00\nxyz\n"
    )
    found = lines("sl651", file)
    assert [line["n"] for line in found] == ["S01", "S02", "X07", "S04"]
    assert found[0] == DOCUMENTS[0]
    assert found[1] == DOCUMENTS[1]
    assert found[2]["error"] == "bad-start"
    assert found[3] == {"n": "S04", "error": "bad-hex", "detail": "no bytes in hex: xyz"}


def test_what_is_refused_says_why():
    frame = SOUND[1]
    assert inspected(frame[:-1])["error"] == "truncated"
    assert inspected(b"")["error"] == "truncated"
    wrong = frame[:-2] + bytes(byte ^ 0xFF for byte in frame[-2:])
    assert inspected(wrong)["crc_ok"] is False
    assert inspected(wrong)["station"] == "0012345678"
    body = bytearray(frame[:-2])
    body[30:33] = b"\xff\xee\xdd"
    broken = bytes(body) + (crc16.modbus(bytes(body)) ^ 1).to_bytes(2, "big")
    assert inspected(broken)["error"] == "bad-crc"


@given(st.binary(max_size=80), st.sampled_from(SOUND), st.integers(0, 40))
def test_no_bytes_break_it(noise, frame, at):
    for data in (noise, frame[:at] + noise + frame[at:], frame[:at] + noise):
        assert json.dumps(inspected(data))


def test_every_recorded_message_gives_its_document():
    names = sorted(FILES)
    found = lines("cap", *(CAP_FOLDER / name for name in names))
    assert len(found) == len(names)
    errors = {name: line.get("error") for name, line in zip(names, found, strict=True)}
    assert {name: error for name, error in errors.items() if error} == {
        "bad_canada_errors.xml": "missing-references",
        "bad_invalid.xml": "missing-element",
        "bad_xxe_entity.xml": "external-entity",
    }
    taiwan = found[names.index("taiwan_reservoir_discharge_2014.xml")]
    assert taiwan["info"][0]["event"] == "水庫洩洪"
    assert taiwan["info"][0]["area"][0]["areaDesc"] == "苗栗縣頭屋鄉"


def test_a_huge_message_is_an_error_and_no_burden(tmp_path):
    file = tmp_path / "huge.xml"
    with file.open("wb") as handle:
        handle.truncate(200_000_000)
    assert lines("cap", file) == [
        {"error": "too-large", "detail": f"more than {MAX_BYTES} bytes [{MAX_BYTES + 1}]"}
    ]


@pytest.mark.parametrize("kind", ["sl651", "cap"])
def test_a_file_that_is_not_there_is_said_in_a_sentence(tmp_path, kind):
    for file in (tmp_path / "nothing", tmp_path):
        result = run(kind, file)
        assert result.exit_code == 2
        assert f"{file} cannot be read" in result.stderr


def test_the_others_are_shown_when_one_is_missing(tmp_path):
    good = tmp_path / "good.xml"
    good.write_text(message())
    result = run("cap", tmp_path / "nothing", good)
    assert result.exit_code == 2
    assert json.loads(result.stdout)["sender"] == "qx@shi.example.cn"


def test_it_stands_among_the_other_commands(tmp_path):
    good = tmp_path / "good.xml"
    good.write_text(message())
    result = run("decode", "cap", good, program=whole)
    assert json.loads(result.stdout)["status"] == "Actual"


def test_it_starts_without_django_and_without_a_database(tmp_path):
    script = textwrap.dedent(
        f"""
        import sys
        sys.argv = ["anlan", "decode", "cap", {str(CAP_FOLDER / "nws_thunderstorm.xml")!r}]
        try:
            import anlan.cli.main
        except SystemExit as end:
            print(end.code, "django" in sys.modules)
        """
    )
    found = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "ANLAN_DATABASE_URL": "oracle://nowhere", "PYTHONIOENCODING": "ascii"},
    )
    document, told = found.stdout.splitlines()
    assert json.loads(document)["identifier"] == "KSTO1055887203"
    assert told == "0 False"
    assert list(tmp_path.iterdir()) == []
