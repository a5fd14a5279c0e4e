"""The wire: slow, huge, garbled and misleading servers are left alone, in time."""

from time import perf_counter

import pytest

from anlan.warning.gateways.cap.transport import FetchFault, Limits, fetch
from tests.upper_levels import FeedServer, feed_server

QUICK = Limits(max_bytes=10_000, total_s=0.6, connect_s=0.5, read_s=0.4)


@pytest.fixture
def server():
    with feed_server() as found:
        yield found


def refusal(server: FeedServer, path: str = "/feed", *, source: str = "") -> str:
    home = source or f"{server.address}/feed"
    with pytest.raises(FetchFault) as found:
        fetch(f"{server.address}{path}", source=home, limits=QUICK)
    return found.value.reason


def drip(server: FeedServer, *, head: bytes, each: bytes):
    """Return a page that sends a beginning, and then one piece after the other without end."""

    def answer(handler):
        handler.wfile.write(head)
        while not server.released.wait(0.05):
            handler.wfile.write(each)

    return answer


def silence(server: FeedServer):
    """Return a page that says nothing."""
    return lambda handler: server.released.wait(20)


@pytest.mark.parametrize("kind", ["silent", "slow head", "slow body"])
def test_a_slow_server_is_left_when_its_time_is_up(server, kind):
    ok = b"HTTP/1.0 200 OK\r\n"
    server.pages["/feed"] = {
        "silent": silence(server),
        "slow head": drip(server, head=ok + b"X-Long: ", each=b"x"),
        "slow body": drip(server, head=ok + b"\r\n", each=b" "),
    }[kind]
    begin = perf_counter()
    assert refusal(server) == "timeout"
    assert perf_counter() - begin < 3


def test_a_huge_answer_is_cut_off(server):
    server.says("/told", b"x" * 20_000)
    assert refusal(server, "/told") == "too-large"
    sent = []

    def endless(handler):
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
        for _turn in range(10_000):
            handler.wfile.write(b"x" * 10_000)
            sent.append(10_000)

    server.pages["/endless"] = endless
    assert refusal(server, "/endless") == "too-large"
    assert sum(sent) < 100_000_000


def test_a_compressed_answer_is_refused(server):
    def squeezed(handler):
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        handler.wfile.write(b"\x1f\x8b")

    server.pages["/feed"] = squeezed
    assert refusal(server) == "compressed"


def test_redirects_stay_with_the_host(server):
    server.says("/b", b"<a/>")
    server.leads("/a", "/b")
    home = f"{server.address}/a"
    assert fetch(home, source=home, limits=QUICK).body == b"<a/>"
    server.leads("/away", "http://other.example.cn/")
    assert refusal(server, "/away") == "redirect"
    server.leads("/file", "file:///etc/passwd")
    assert refusal(server, "/file") == "bad-address"
    server.leads("/round", "/round")
    assert refusal(server, "/round") == "redirect"


def test_a_private_address_is_reached_only_by_the_source_itself(server):
    server.says("/secret", b"<a/>")
    public = "http://public.example.cn/feed"
    assert refusal(server, "/secret", source=public) == "private-address"
    # Another port of the source's own machine is another place.
    assert refusal(server, "/secret", source="http://127.0.0.1:9/feed") == "private-address"
    assert server.asked == []
    home = f"{server.address}/feed"
    assert fetch(f"{server.address}/secret", source=home, limits=QUICK).body == b"<a/>"


@pytest.mark.parametrize(
    "address", ["ftp://a.cn/", "http://", "http://[::1", "http://a.cn:99999/", "file:///etc/passwd"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(FetchFault) as found:
        fetch(address, source=address, limits=QUICK)
    assert found.value.reason == "bad-address"


def test_a_name_that_nobody_knows_is_said(monkeypatch):
    def unknown(*_args, **_options):
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    with pytest.raises(FetchFault) as found:
        fetch("http://nobody.example.cn/", source="http://a.cn/", limits=QUICK)
    assert found.value.reason in ("no-host", "connection")
