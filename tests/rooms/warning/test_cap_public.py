"""Who may read warnings for other programs, by which key they are signed, and the command."""

import logging
import os

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse
from typer.testing import CliRunner

from anlan.cli.main import app
from anlan.kernel import clock
from anlan.warning.data import WarningState
from anlan.warning.gateways.cap.frame import decode
from anlan.warning.gateways.cap.signature import Verdict, check_signature
from tests.cap_warnings import ended, warned
from tests.cast import ALONE, COUNTY, LOWER
from tests.entrance import logged_in, open_accounts
from tests.evening import QUICK_HASH
from tests.gateway.test_cap_signing import Office

NAMES = ("cap_atom", "cap_rss", "cap_map")
OFFICE = Office(ec.generate_private_key(ec.SECP256R1()))


@pytest.fixture
def key(tmp_path, settings):
    """Give the county a key."""
    for name, content in (("key", OFFICE.key_pem), ("certificate", OFFICE.certificate_pem)):
        path = tmp_path / f"{name}.pem"
        path.write_bytes(content)
        setattr(settings, f"ANLAN_CAP_{name.upper()}", str(path))
    return tmp_path / "key.pem"


@pytest.fixture
def public(settings):
    settings.ANLAN_CAP_PUBLIC = True


def addresses(number: str) -> list[str]:
    found = [reverse(name, args=[COUNTY]) for name in NAMES]
    return [reverse("cap_message", args=[number]), *found]


def run(*words: str):
    return CliRunner().invoke(app, ["warning", "cap", *words])


def test_without_a_login_nobody_reads_any(cast):
    for address in addresses(warned().number):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login")


def test_what_is_public_is_read_whole_by_anybody(cast, public):
    row = warned()
    for address in addresses(row.number):
        answer = Client().get(address)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "public, max-age=60"
    data = Client().get(addresses(row.number)[0]).content
    assert decode(data).note == ""
    assert Client().get(reverse("warnings")).status_code == 302
    assert Client().get(reverse("cap_message", args=["nothing"])).status_code == 404


def test_what_is_public_is_whole_for_whoever_sees_less(cast, public, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    slope = logged_in(open_accounts()["slope"])
    alert = decode(slope.get(addresses(warned().number)[0]).content)
    assert len(alert.infos[0].areas[0].geocodes) == 2


def test_nothing_can_be_sent_there(cast, public):
    for address in addresses(warned().number):
        assert Client().post(address).status_code == 405


def test_nobody_is_named(cast, public):
    texts = [Client().get(each).content.decode() for each in addresses(warned().number)]
    for name in cast.people:
        assert not any(name in text for text in texts)
    assert not any("1380000" in text for text in texts)


def test_a_county_with_a_key_signs(cast, public, key):
    row = warned()
    answer = Client().get(addresses(row.number)[0])
    found = check_signature(answer.content, trusted=[OFFICE.certificate], at=clock.now())
    assert found.verdict is Verdict.VALID
    again = Client().get(addresses(row.number)[0])
    assert again.content != answer.content  # an elliptic signature differs each time
    assert again["ETag"] == answer["ETag"]


def test_an_excerpt_is_not_signed(cast, key, settings):
    settings.PASSWORD_HASHERS = QUICK_HASH
    slope = logged_in(open_accounts()["slope"])
    assert not decode(slope.get(addresses(warned().number)[0]).content).is_signed


def test_a_key_that_fails_leaves_the_warning_unsigned_and_is_logged(cast, public, key, caplog):
    key.write_bytes(b"nothing")
    os.utime(key, ns=(1, 1))
    with caplog.at_level(logging.ERROR):
        answer = Client().get(addresses(warned().number)[0])
    assert not decode(answer.content).is_signed
    assert "no private key" in caplog.text


def test_another_sender(cast, public, settings):
    settings.ANLAN_CAP_SENDER = "yj@shi.example.cn"
    data = Client().get(addresses(warned().number)[0]).content
    assert decode(data).sender == "yj@shi.example.cn"


def test_a_drill_says_that_it_is_one(cast, public, settings):
    settings.ANLAN_DRILL = True
    assert decode(Client().get(addresses(warned().number)[0]).content).status == "Exercise"


def test_the_command_writes_the_newest_in_force(cast, tmp_path, key):
    warned(1, minutes_ago=30)
    newest = warned(2, villages=(ALONE,), minutes_ago=20)
    warned(3, minutes_ago=10, state=WarningState.LIFTED, ended_at=clock.now())
    path = tmp_path / "message.xml"
    done = run(str(path))
    assert done.exit_code == 0, done.output
    assert newest.number in done.output
    assert "signed" in done.output
    found = check_signature(path.read_bytes(), trusted=[OFFICE.certificate], at=clock.now())
    assert found.verdict is Verdict.VALID


def test_the_command_writes_a_certain_one_its_end_and_to_the_screen(cast):
    row = warned(1, minutes_ago=30)
    warned(2, villages=(ALONE,))
    ended(row, WarningState.LIFTED)
    shown = run("-", "--number", row.number)
    assert decode(shown.stdout_bytes).identifier == row.number
    assert "Alert" in shown.stderr
    assert "unsigned" in shown.stderr
    end = decode(run("-", "--number", row.number, "--cancel").stdout_bytes)
    assert (end.msg_type, end.identifier) == ("Cancel", f"{row.number[:-1]}1")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("-", "--number", "nothing"), "There is no warning with the number nothing."),
        (("-", "--county", LOWER), "No warning is in force."),
        (("-", "--county", "1"), "12"),
        (("-", "--cancel"), "was not lifted"),
        (("/nowhere/message.xml",), "cannot be written: No such file or directory."),
    ],
)
def test_the_command_fails_in_a_sentence(cast, words, sentence):
    warned()
    done = run(*words)
    assert done.exit_code == 1
    assert sentence in done.output


def test_the_command_names_a_key_that_fails(cast, settings):
    settings.ANLAN_CAP_KEY = "/nowhere/key.pem"
    warned()
    assert "cannot be signed: a key needs its certificate" in run("-").output
    settings.ANLAN_CAP_CERTIFICATE = "/nowhere/certificate.pem"
    assert "cannot be signed: /nowhere/key.pem: No such file" in run("-").output
