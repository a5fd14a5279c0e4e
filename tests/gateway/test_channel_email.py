"""Letters: what is in them, what a mail server makes of them, and that nobody slips a header in."""

import logging
import ssl
from contextlib import closing
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.warning.gateways.email.frame import letter_of
from anlan.warning.gateways.making import make_provider
from anlan.warning.gateways.ordering import Unsendable
from anlan.warning.gateways.provider import Outcome, Outgoing, ProviderSettings, Sent
from tests.broker import Papers, free_port
from tests.mail_server import MailServer, mail_server

NOW = datetime(2026, 7, 15, 12, tzinfo=UTC)
SECRET = "pass-4711"
OPTIONS = {"from": "warning@county.example.cn", "from_name": "县应急管理局", "tls": "none"}


def letter(number: int = 0, **given: str) -> Outgoing:
    values = {
        "key": f"k{number}",
        "to": f"cadre{number}@town.example.cn",
        "title": "山洪红色预警",
        "text": "请立即转移。\n.\n..两点",
        "link": "https://a.cn/w/1",
    }
    return Outgoing(**{**values, **given})  # type: ignore[arg-type]  # all but `cap` are text


def handed_in(
    house: MailServer, *letters: Outgoing, account: str = "", timeout_s: float = 5.0, **options: str
) -> list[Sent]:
    settings = ProviderSettings(
        "mail", house.address, account, SECRET, {**OPTIONS, **options}, timeout_s
    )
    with closing(make_provider("email", settings)) as provider:
        return list(provider.send(letters or [letter()]))


def test_a_batch_goes_over_one_connection():
    with mail_server() as house:
        said = handed_in(house, *[letter(n) for n in range(5)])
        assert house.server.calls == 1
    assert said == [Sent(Outcome.TAKEN)] * 5
    assert [to for to, _ in house.letters] == [f"cadre{n}@town.example.cn" for n in range(5)]
    opened = house.opened()[3]
    assert opened["To"] == "cadre3@town.example.cn"
    assert opened["Subject"] == "山洪红色预警"
    assert opened["From"] == "县应急管理局 <warning@county.example.cn>"
    assert opened["Message-ID"] == "<k3@county.example.cn>"
    assert opened.get_content_type() == "text/plain"
    text = opened.get_content().replace("\r\n", "\n")
    assert text == "山洪红色预警\n请立即转移。\n.\n..两点\n\nhttps://a.cn/w/1\n"


@pytest.mark.parametrize("is_secure", [False, True])
def test_a_password_goes_under_tls_alone(tmp_path, is_secure, caplog):
    caplog.set_level(logging.DEBUG)
    papers = Papers(tmp_path / "papers").make()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(papers.path("server.pem"), papers.path("server.key"))
    with mail_server(tls=tls, is_secure=is_secure) as house:
        said = handed_in(house, account="county", ca=papers.path("ca.pem"), tls="starttls")
        unknown = handed_in(house, account="county", tls="starttls")
        plain = [] if is_secure else handed_in(house, account="county", tls="none")
    assert said == [Sent(Outcome.TAKEN)]
    assert unknown == [Sent(Outcome.DOWN, reason="tls")]
    assert house.logins == [f"\0county\0{SECRET}"]
    assert plain == ([] if is_secure else [Sent(Outcome.TAKEN)])
    assert SECRET not in caplog.text


def test_a_server_without_tls_is_not_spoken_to_plainly():
    with mail_server() as house:
        assert handed_in(house, tls="starttls") == [Sent(Outcome.DOWN, reason="tls")]
    assert not house.letters


@pytest.mark.parametrize(
    ("replies", "outcomes"),
    [
        ({"RCPT cadre1@town.example.cn": "550 no such user"}, "taken refused taken"),
        ({"RCPT cadre1@town.example.cn": "450 try again"}, "taken later taken"),
        ({"LETTER": "552 too much"}, "refused refused refused"),
        ({"LETTER": "451 later"}, "later later later"),
        ({"DATA": "554 no"}, "refused refused refused"),
        ({"MAIL": "550 sender unknown"}, "down down down"),
        ({"MAIL": "421 closing"}, "later later later"),
        ({"LETTER": "nonsense"}, "unknown unknown unknown"),
        ({"GREETING": "554 go away"}, "down down down"),
        ({"GREETING": "421 busy"}, "later later later"),
        ({"RSET": "500 what", "RCPT cadre0@town.example.cn": "550 no"}, "refused taken taken"),
    ],
)
def test_replies_mean_what_they_should(replies, outcomes):
    with mail_server(replies=replies) as house:
        said = handed_in(house, *[letter(n) for n in range(3)])
    assert [each.outcome.value for each in said] == outcomes.split()


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        ("GREETING", Outcome.DOWN),
        ("EHLO", Outcome.DOWN),
        ("MAIL", Outcome.DOWN),
        ("RCPT", Outcome.DOWN),
        ("LETTER", Outcome.UNKNOWN),
        ("QUIT", Outcome.TAKEN),
    ],
)
@pytest.mark.parametrize("way", ["gone_at", "drips_at"])
def test_a_server_that_leaves_or_drips(step, outcome, way):
    begin = perf_counter()
    with mail_server(**{way: step}) as house:
        said = handed_in(house, timeout_s=0.3 if way == "drips_at" else 5.0)
    assert [each.outcome for each in said] == [outcome]
    assert perf_counter() - begin < 8


def test_a_connection_lost_in_a_letter_does_not_stop_the_next():
    with mail_server(gone_at="LETTER") as house:
        said = handed_in(house, letter(0), letter(1))
        assert house.server.calls == 2
    assert [each.outcome for each in said] == [Outcome.UNKNOWN] * 2


def test_nobody_there():
    settings = ProviderSettings("mail", f"smtp://127.0.0.1:{free_port()}", options=OPTIONS)
    with closing(make_provider("email", settings)) as provider:
        said = provider.send([letter(0), letter(1)])
    assert [each.outcome for each in said] == [Outcome.DOWN] * 2


SETTINGS = ProviderSettings("mail", "smtp://a.cn", options=OPTIONS)
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"]
HEADERS += ["Content-Type", "Content-Transfer-Encoding", "MIME-Version"]


@pytest.mark.parametrize(
    "to",
    ["", "a@b\r\nBcc: c@d", "a@b, c@d", "<a@b>", "a b@c", "a@b\n", "ä@b.cn", "a@b@c", "a@b>"],
)
def test_what_is_no_address_goes_nowhere(to):
    with pytest.raises(Unsendable, match="bad-address"):
        letter_of(letter(to=to), SETTINGS, now=NOW)


@given(title=st.text(), text=st.text(), link=st.text(), name=st.text())
def test_no_text_makes_a_header_or_ends_a_letter(title, text, link, name):
    settings = ProviderSettings("mail", "smtp://a", options={**OPTIONS, "from_name": name})
    message = letter(title=f"预警\r\nBcc: x@y.cn\r\n\r\n{title}", text=text, link=link)
    raw = letter_of(message, settings, now=NOW)
    assert raw.endswith(b"\r\n.\r\n")
    assert b"\r\n.\r\n" not in raw[:-3]
    opened = message_from_bytes(raw[:-3], policy=SMTP)
    assert sorted(opened.keys()) == sorted(HEADERS)
    assert opened["To"] == "cadre0@town.example.cn"
    assert "warning@county.example.cn" in opened["From"]
