"""The wire to a mail server: one connection for many letters, each within its time.

Every step has `timeout_s` in all; when it is up the connection is cut, for a server that sends a
byte now and then would hold the library for ever.
"""

import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Timer
from time import monotonic

from anlan.kernel import clock
from anlan.warning.gateways.dialling import connected
from anlan.warning.gateways.email.frame import Office, is_address, letter_of, office_of, outcome_of
from anlan.warning.gateways.posting import ends_it, one_by_one, tls_of
from anlan.warning.gateways.provider import Outcome, Outgoing, ProviderSettings, Sent

GO_ON = 354
CLOSING = 421


class _Refused(Exception):
    """A reply that ends a letter before any of it left."""

    def __init__(self, code: int, outcome: Outcome) -> None:
        super().__init__(code)
        self.sent = Sent(outcome, reason=f"smtp {code}")
        self.is_closing = code == CLOSING


class Email:
    """Hands letters in."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._office = office_of(settings.address)
        if not is_address(settings.options.get("from", "")):
            raise ValueError("no sender")
        self._tls = tls_of(settings) or ssl.create_default_context()
        self._wire: _Wire | None = None

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Sent]:
        """Hand letters in over one connection, which is closed after the last."""
        try:
            return one_by_one(messages, self._sent, ends=_ends_it)
        finally:
            self.close()

    def close(self) -> None:
        """Take leave."""
        if self._wire is not None:
            with suppress(smtplib.SMTPException, OSError), self._within(self._wire):
                self._wire.quit()
            self._wire.close()
            self._wire = None

    def _sent(self, message: Outgoing) -> Sent:
        letter = letter_of(message, self._settings, now=clock.now())
        try:
            wire = self._ready()
        except _Refused as fault:
            return fault.sent
        has_left = False
        with self._within(wire):
            try:
                self._announce(wire, message)
                has_left = True
                wire.send(letter)
                code, _ = wire.getreply()
            except _Refused as fault:
                self._start_over(wire, is_closing=fault.is_closing)
                return fault.sent
            except (smtplib.SMTPException, OSError):
                self._drop()
                reason = "timeout" if wire.is_cut else "connection"
                return Sent(Outcome.UNKNOWN if has_left else Outcome.DOWN, reason=reason)
        outcome = outcome_of(code)
        if code == CLOSING:
            self._drop()
        return Sent(outcome, reason="" if outcome is Outcome.TAKEN else f"smtp {code}")

    def _announce(self, wire: "_Wire", message: Outgoing) -> None:
        """Say who writes to whom; raise _Refused for the one reply that says no.

        A sender that is refused is refused for every letter.
        """
        code, _ = wire.mail(self._settings.options["from"])
        if code != 250:
            outcome = outcome_of(code)
            raise _Refused(code, Outcome.DOWN if outcome is Outcome.REFUSED else outcome)
        code, _ = wire.rcpt(message.to)
        if code not in (250, 251):
            raise _Refused(code, outcome_of(code))
        code, _ = wire.docmd("DATA")
        if code != GO_ON:
            raise _Refused(code, outcome_of(code))

    def _ready(self) -> "_Wire":
        """Return the open connection, or a new one; raise _Refused when there is none."""
        if self._wire is not None:
            return self._wire
        settings = self._settings
        wire = _Wire(self._office, settings=settings, tls=self._tls)
        try:
            with self._within(wire):
                wire.enter()
        except smtplib.SMTPResponseException as fault:
            wire.close()
            is_later = 400 <= fault.smtp_code < 500
            outcome = Outcome.LATER if is_later else Outcome.DOWN
            raise _Refused(fault.smtp_code, outcome) from None
        except (smtplib.SMTPException, OSError) as fault:
            wire.close()
            refusal = _Refused(0, Outcome.DOWN)
            reason = "timeout" if wire.is_cut or isinstance(fault, TimeoutError) else "connection"
            is_tls = isinstance(fault, ssl.SSLError | smtplib.SMTPNotSupportedError)
            refusal.sent = Sent(Outcome.DOWN, reason="tls" if is_tls else reason)
            raise refusal from None
        self._wire = wire
        return wire

    def _start_over(self, wire: "_Wire", *, is_closing: bool) -> None:
        try:
            if is_closing:
                raise smtplib.SMTPServerDisconnected
            wire.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    @contextmanager
    def _within(self, wire: "_Wire") -> Iterator[None]:
        timer = Timer(self._settings.timeout_s, wire.cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _ends_it(sent: Sent) -> Sent | None:
    """Return what is said of the letters that follow: one box that is full harms no other."""
    if sent.outcome is Outcome.LATER and sent.reason != f"smtp {CLOSING}":
        return None
    return ends_it(sent)


class _Wire(smtplib.SMTP):
    """A connection that can be cut from outside, and that opens under TLS where it should."""

    def __init__(self, office: Office, *, settings: ProviderSettings, tls: ssl.SSLContext) -> None:
        domain = settings.options.get("from", "").rpartition("@")[2]
        super().__init__(local_hostname=domain, timeout=settings.timeout_s)
        self._office, self._settings, self._context = office, settings, tls
        self._host = office.host  # the name that the library checks the certificate against
        self.is_cut = False

    def enter(self) -> None:
        """Connect, greet, go under TLS and log in."""
        code, words = self.connect(self._office.host, self._office.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        is_plain = self._settings.options.get("tls") == "none" and not self._office.is_secure
        if not self._office.is_secure and not is_plain:
            self.starttls(context=self._context)
        # A password is not shown to whoever listens on the way.
        if self._settings.account and not is_plain:
            self.login(self._settings.account, self._settings.secret)
        else:
            self.ehlo_or_helo_if_needed()

    def getreply(self) -> tuple[int, bytes]:
        """Return a reply; what stood there when the connection was cut is none."""
        reply = super().getreply()
        if self.is_cut:
            raise smtplib.SMTPServerDisconnected("cut")
        return reply

    def cut(self) -> None:
        """Hang up, whatever goes on."""
        self.is_cut = True
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        tls = self._context if self._office.is_secure else None
        made = connected(host, port, until=monotonic() + timeout, tls=tls)
        made.settimeout(timeout)
        return made
