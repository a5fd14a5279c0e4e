"""The HTTP client of the channels: what left and what did not, in time, and no secret told."""

import socket
import ssl
import threading
from select import select
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.warning.gateways import dialling
from anlan.warning.gateways.answers import LARGEST_BODY, Reading
from anlan.warning.gateways.web import Client, MayHaveLeft, NotLeft, place_of
from tests.broker import Papers, free_port
from tests.raw_server import OK, Call, Script, always, raw_server


def posted(script: Script, *, times: int = 1, timeout_s: float = 5.0) -> list[object]:
    """Return what came of posting so many times: bodies, or the faults; then the connections."""
    with raw_server(script) as server:
        client = Client(server.address, timeout_s=timeout_s)
        found: list[object] = []
        for _ in range(times):
            try:
                found.append(client.post(b"{}").body)
            except (NotLeft, MayHaveLeft) as fault:
                found.append(f"{type(fault).__name__}: {fault}")
        client.close()
        return [*found, server.calls]


def saying(*pieces: bytes) -> Script:
    """Return a script that answers the first request so, and then hangs up."""

    def script(call: Call) -> None:
        call.request()
        for piece in pieces:
            call.say(piece)

    return script


def test_one_connection_serves_many_requests():
    assert posted(always(), times=5) == [b"{}"] * 5 + [1]


def test_a_request_reads_as_it_should():
    seen = []

    def script(call: Call) -> None:
        seen.append(call.request())
        call.say(OK)

    with raw_server(script) as server:
        client = Client(server.address + "?a=1", timeout_s=2)
        client.post("洪水".encode(), headers={"X-Nonce": "7"}, query="b=2")
        client.close()
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /send?a=1&b=2 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"\r\nX-Nonce: 7\r\nContent-Length: 6" in head
    assert body.decode() == "洪水"


@pytest.mark.parametrize(
    ("pieces", "body"),
    [
        ((b"HTTP/1.1 100 Continue\r\n\r\n", OK), b"{}"),
        (
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", b"0\r\n\r\n"),
            b"abc",
        ),
        (
            (
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n1;x=y\r\na\r\n0\r\nT: 1"
                b"\r\n\r\n",
            ),
            b"a",
        ),
        ((b"HTTP/1.0 200 OK\r\n\r\nto the end", b" of it"), b"to the end of it"),
        ((b"HTTP/1.1 204 No Content\r\n\r\n",), b""),
        (
            (b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n",),
            b"",
        ),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",), b"{}"),
    ],
)
def test_answers_of_every_kind_are_read(pieces, body):
    assert posted(saying(*pieces)) == [body, 1]


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ((), "no-answer"),
        ((b"HTTP/1.1 200 OK\r\nContent-Le",), "cut-off"),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",), "cut-off"),
        ((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",), "cut-off"),
        ((b"SSH-2.0-OpenSSH_9\r\n\r\n",), "not-http"),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",), "not-http"),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",), "not-http"),
        ((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",), "not-http"),
        ((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",), "not-http"),
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n",), "too-large"),
        ((b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * (LARGEST_BODY + 1),), "too-large"),
        ((b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000,), "head-too-large"),
        ((b"HTTP/1.1 100 C\r\n\r\n" * 7,), "not-http"),
    ],
)
def test_an_answer_that_is_none_leaves_open_what_became_of_it(pieces, reason):
    assert posted(saying(*pieces)) == [f"MayHaveLeft: {reason}", 1]


def test_a_connection_closed_while_idle_is_opened_anew():
    with raw_server(saying(OK)) as server:
        client = Client(server.address, timeout_s=2)
        for _ in range(3):
            assert client.post(b"{}").body == b"{}"
            assert client._socket
            select([client._socket], [], [], 5)  # the end of the connection has come
        client.close()
        assert server.calls == 3


def test_a_connection_that_is_closed_after_a_request_is_not_tried_again():
    """The server may have acted on it."""

    def script(call: Call) -> None:
        call.request()
        call.say(OK)
        call.request()
        call.reset()

    found = posted(script, times=2)
    assert found in (
        [b"{}", "MayHaveLeft: connection", 1],
        [b"{}", "MayHaveLeft: no-answer", 1],
    )


def test_what_comes_unasked_is_no_answer_to_the_next_request():
    def script(call: Call) -> None:
        call.request()
        call.say(OK + b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
        call.request()

    assert posted(script, times=2) == [b"{}", b"{}", 2]


def test_nobody_there_means_that_nothing_left():
    with pytest.raises(NotLeft, match="refused"):
        Client(f"http://127.0.0.1:{free_port()}/", timeout_s=1).post(b"{}")


def test_a_request_of_which_a_part_is_still_here_has_not_left():
    def script(call: Call) -> None:
        call.released.wait(5)

    with raw_server(script) as server:
        client = Client(server.address, timeout_s=0.3)
        with pytest.raises(NotLeft, match="timeout"):
            client.post(b"x" * 30_000_000)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nX: ", OK])
def test_a_byte_now_and_then_does_not_hold_us(answer):
    def script(call: Call) -> None:
        call.request()
        call.drip(answer + b"x" * 1000, every_s=0.05)

    begin = perf_counter()
    assert posted(script, timeout_s=0.25)[0] == "MayHaveLeft: timeout"
    assert perf_counter() - begin < 5


def test_a_resolver_that_hangs_does_not_hold_us(monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(dialling, "_looked_up", lambda *_args: released.wait(5) or [])
    begin = perf_counter()
    with pytest.raises(NotLeft, match="timeout"):
        Client("http://nobody.example.cn/", timeout_s=0.2).post(b"{}")
    assert perf_counter() - begin < 5
    released.set()


def test_tls_is_verified_and_kept_alive(tmp_path):
    papers = Papers(tmp_path / "papers").make()
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(papers.path("server.pem"), papers.path("server.key"))
    with raw_server(always(), tls=server_side) as server:
        with pytest.raises(NotLeft, match="certificate"):
            Client(server.address, timeout_s=3).post(b"{}")
        known = ssl.create_default_context(cafile=papers.path("ca.pem"))
        client = Client(server.address, timeout_s=3, tls=known)
        assert [client.post(b"{}").body for _ in range(4)] == [b"{}"] * 4
        client.close()
        assert server.calls == 2


def test_a_server_that_speaks_no_tls_is_seen():
    with raw_server(saying(b"hello")) as server:
        address = server.address.replace("http:", "https:")
        with pytest.raises(NotLeft):
            Client(address, timeout_s=0.3).post(b"{}")


@pytest.mark.parametrize(
    "address",
    ["", "ftp://a.cn/", "http://", "http://a.cn/\r\nX: y", "http://a b/", "http://u:p@a.cn/"],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValueError, match=r"."):
        place_of(address)


def test_a_line_break_in_a_header_sends_nothing():
    client = Client("http://127.0.0.1:9/", timeout_s=1)
    with pytest.raises(NotLeft, match="bad-header"):
        client.post(b"", headers={"X-App": "a\r\nX-Evil: 1"})


def test_secrets_in_an_address_stand_in_no_error():
    for address in (f"http://127.0.0.1:{free_port()}/key-4711?token=4711", "http://[::1/4711"):
        with pytest.raises((NotLeft, ValueError)) as found:
            Client(address, timeout_s=1).post(b"", headers={"X-Secret": "4711"})
        assert "4711" not in repr(found.value)


FAULTS = {"not-http", "cut-off", "no-answer", "too-large", "head-too-large"}


def outcome(pieces: list[bytes]) -> int | str:
    """Return the status of an answer that comes in these pieces, or why it is none."""
    reading = Reading()
    try:
        whole = any(reading.feed(piece) for piece in [*pieces, b""])
    except ValueError as error:
        return str(error)
    assert whole
    return reading.answer.status


@given(st.lists(st.binary(max_size=60) | st.sampled_from([OK, b"HTTP/1.1 200 OK\r\n", b"\r\n"])))
def test_any_bytes_are_an_answer_or_refused(pieces):
    found = outcome(pieces)
    assert found in FAULTS or 200 <= int(found) <= 999


@given(st.binary(max_size=300), st.integers(1, 40))
def test_an_answer_reads_the_same_however_it_is_cut(body, step):
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    reading = Reading()
    pieces = [whole[at : at + step] for at in range(0, len(whole), step)]
    told = [reading.feed(piece) for piece in pieces]
    assert told == [False] * (len(told) - 1) + [True]
    assert reading.answer.body == body


def test_the_sink_of_the_socket_library_is_not_asked_for_a_proxy(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert posted(always()) == [b"{}", 1]
    assert socket.getdefaulttimeout() is None
