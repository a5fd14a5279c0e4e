"""A mail server under a test's control: real sockets, STARTTLS, a login, and moods at each step."""

import re
import ssl
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from tests.raw_server import Call, RawServer, raw_server


@dataclass
class MailServer:
    """What came in. `replies` replaces the reply to a command; `gone_at` hangs up at it."""

    tls: ssl.SSLContext | None = None
    is_secure: bool = False
    replies: dict[str, str] = field(default_factory=dict)
    gone_at: str = ""
    drips_at: str = ""
    letters: list[tuple[str, bytes]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    server: RawServer = field(init=False)

    @property
    def address(self) -> str:
        """Return where it is."""
        return f"{'smtps' if self.is_secure else 'smtp'}://127.0.0.1:{self.server.port}"

    def opened(self) -> list[EmailMessage]:
        """Return the letters, opened."""
        return [message_from_bytes(raw, policy=SMTP) for _, raw in self.letters]

    def talk(self, call: Call) -> None:
        """Serve one connection."""
        _Talk(self, call).run()


class _Talk:
    def __init__(self, house: MailServer, call: Call) -> None:
        self.house, self.call = house, call
        self.wire = call.wire
        self.reader = self.wire.makefile("rb")
        self.to = ""
        self.is_over = False

    def run(self) -> None:
        """Greet, and answer until the other side leaves."""
        try:
            self.say("GREETING", "220 mail ready")
            while not self.is_over and (line := self.reader.readline()):
                self.answer(line.decode().strip())
        finally:
            self.reader.close()
            self.wire.close()

    def say(self, step: str, usual: str) -> bool:
        """Reply to a step, unless the mood is another; tell whether all is as usual."""
        house = self.house
        if house.gone_at == step:
            self.is_over = True
            return False
        if house.drips_at == step:
            self.call.drip(b"2" * 1000, every_s=0.05)
            self.is_over = True
            return False
        said = house.replies.get(step, usual)
        self.wire.sendall(f"{said}\r\n".encode())
        self.is_over = said.startswith("421")
        return said == usual

    def answer(self, line: str) -> None:
        """Answer a command."""
        word = line.partition(" ")[0].upper()
        self.house.commands.append(word)
        if word == "EHLO":
            is_plain = not isinstance(self.wire, ssl.SSLSocket)
            offers = ["250-mail"] + ["250-STARTTLS"] * bool(self.house.tls and is_plain)
            self.say(word, "\r\n".join([*offers, "250-AUTH PLAIN", "250 SIZE 1000000"]))
        elif word == "STARTTLS" and self.say(word, "220 go on"):
            assert self.house.tls
            self.reader.close()
            self.wire = self.house.tls.wrap_socket(self.wire, server_side=True)
            self.reader = self.wire.makefile("rb")
        elif word == "AUTH":
            self.house.logins.append(b64decode(line.split(" ")[2]).decode())
            self.say(word, "235 welcome")
        elif word == "RCPT":
            self.to = line.partition("<")[2].partition(">")[0]
            self.say(
                f"RCPT {self.to}" if f"RCPT {self.to}" in self.house.replies else word, "250 ok"
            )
        elif word == "DATA":
            if self.say(word, "354 go on"):
                self.take()
        elif word == "QUIT":
            self.say(word, "221 bye")
            self.is_over = True
        else:
            self.say(word, "250 ok")

    def take(self) -> None:
        """Take a letter."""
        lines = []
        while (line := self.reader.readline()) != b".\r\n":
            if not line:
                return
            lines.append(re.sub(rb"^\.", b"", line))
        if self.say("LETTER", "250 taken"):
            self.house.letters.append((self.to, b"".join(lines)))


@contextmanager
def mail_server(**given: object) -> Iterator[MailServer]:
    """Run a mail server until the block ends."""
    house = MailServer(**given)  # type: ignore[arg-type]  # as the fields say
    with raw_server(house.talk, tls=house.tls if house.is_secure else None) as server:
        house.server = server
        yield house
