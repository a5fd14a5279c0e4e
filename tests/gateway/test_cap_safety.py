"""Bytes made to harm are refused: no file read, no host asked, no memory eaten, no hang."""

import subprocess
import sys
import textwrap
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.warning.gateways.cap.document import as_document
from anlan.warning.gateways.cap.errors import CapError
from anlan.warning.gateways.cap.feeds import read_feed
from anlan.warning.gateways.cap.frame import decode
from anlan.warning.gateways.cap.opening import MAX_BYTES, MAX_MARKS
from tests.gateway.cap_specimens import FILES, SOUND, message

LONGEST_S = 5.0
LAUGHS = "".join(
    f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' if n else '<!ENTITY lol0 "lol">' for n in range(10)
)
QUADRATIC = f'<!ENTITY a "{"a" * 50_000}">'


def with_doctype(declared: str, *, use: str = "") -> bytes:
    return f"<!DOCTYPE alert {declared}>{message().replace('暴雨', use or '暴雨')}".encode()


def reason_of(data: bytes) -> str:
    with pytest.raises(CapError) as found:
        decode(data)
    return found.value.reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (with_doctype(f"[{LAUGHS}]", use="&lol9;"), "declared-entity"),
        (with_doctype(f"[{QUADRATIC}]", use="&a;" * 1000), "declared-entity"),
        (
            with_doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]', use="&x;"),
            "external-entity",
        ),
        (with_doctype('SYSTEM "http://127.0.0.1:9/a.dtd"'), "external-entity"),
        (with_doctype('PUBLIC "-//A//B//EN" "http://127.0.0.1:9/a.dtd"'), "external-entity"),
        (with_doctype('[<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]'), "external-entity"),
        (with_doctype("[<!ELEMENT alert ANY>]"), "doctype"),
        (b"<?pi?><!-- <!DOCTYPE a> -->\n" + with_doctype("[]"), "doctype"),
        ((with_doctype(f"[{LAUGHS}]")).decode().encode("utf-16"), "declared-entity"),
        (FILES["bad_xxe_entity.xml"], "external-entity"),
    ],
)
def test_document_types_are_refused_by_what_they_do(data, reason):
    assert reason_of(data) == reason


def test_a_word_about_document_types_is_no_document_type():
    text = message().replace("暴雨", "&lt;!DOCTYPE&gt;")
    assert decode(f"<!-- <!DOCTYPE x> -->{text}".encode()).infos[0].event == "<!DOCTYPE>"


def test_an_inclusion_is_an_unknown_element():
    inclusion = '<i xmlns="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    assert reason_of(message(after_scope=inclusion).encode()) == "unknown-element"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<a>" * 300, "too-deep"),
        (b"<a>" * 90_000, "too-deep"),
        (b"<a>" * (MAX_MARKS + 1), "too-many-elements"),
        (b"<a>" + b"<b/>" * 200_000 + b"</a>", "too-many-elements"),
        (b" " * (MAX_BYTES + 1), "too-large"),
        (message().replace("暴雨", "雨" * MAX_BYTES).encode(), "too-large"),
        (b"<a " + b" ".join(b'a%d="1"' % n for n in range(90_000)) + b"/>", "not-cap"),
        (b"<?" * 49_000, "not-xml"),
        (b"<!--" * 24_000, "not-xml"),
        (b"<!-- -->" * 24_000, "not-xml"),
        (b"<?a?>" * 19_000, "not-xml"),
        (message(sent="1" * 3_000_000).encode(), "bad-time"),
        (message(sender="," * 3_000_000).encode(), "bad-identifier"),
        (
            message(
                area=f"<area><areaDesc>x</areaDesc><polygon>{'1,1 ' * 700_000}x</polygon></area>"
            ),
            "bad-polygon",
        ),
        (
            message(
                area=f"<area><areaDesc>x</areaDesc><polygon>{'1' * 3_000_000}</polygon></area>"
            ),
            "bad-polygon",
        ),
        (message(after_scope=f"<references>{'a,' * 1_500_000}</references>"), "bad-reference"),
    ],
)
def test_whatever_is_too_much_is_refused_at_once(data, reason):
    begin = perf_counter()
    assert reason_of(data.encode() if isinstance(data, str) else data) == reason
    assert perf_counter() - begin < LONGEST_S


def test_fifty_megabytes_leave_the_memory_alone():
    """Feed several oversized and bloated messages to a fresh process and look at its peak."""
    script = textwrap.dedent(
        """
        import resource, sys
        from anlan.warning.gateways.cap.errors import CapError
        from anlan.warning.gateways.cap.feeds import read_feed
        from anlan.warning.gateways.cap.frame import decode
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        polygon = b"1,1 " * 900_000
        for data in (
            b"<alert>" + b"x" * 50_000_000,
            b"<a>" + b"<b/>" * 49_000 + b"</a>",
            b"<polygon>" + polygon + b"</polygon>",
            b"<a " + b" ".join(b'a%d="1"' % n for n in range(90_000)) + b"/>",
        ):
            for read in (decode, lambda given: read_feed(given, address="http://a.cn/")):
                try:
                    read(data)
                except CapError as error:
                    print(error.reason)
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(after - before)
        """
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert found[:2] == ["too-large", "too-large"]
    assert int(found[-1]) < 150_000  # KiB, the fifty megabytes themselves among them


def mutated(data: st.DataObject, *, of: dict[str, bytes]) -> bytes:
    """Draw one recorded file with some bytes changed, taken out, doubled or put in."""
    content = bytearray(data.draw(st.sampled_from(sorted(of.values()))))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content)))
        size = data.draw(st.integers(0, 40))
        match data.draw(st.sampled_from(["change", "cut", "double", "put", "end"])):
            case "change":
                content[at : at + size] = data.draw(st.binary(min_size=size, max_size=size))
            case "cut":
                del content[at : at + size]
            case "double":
                content[at:at] = content[at : at + size]
            case "put":
                words = [b"<", b">", b"&", b"</", b"<info>", b"]]>", b"<!--", b"\xff", b"&#0;"]
                content[at:at] = data.draw(st.sampled_from(words))
            case "end":
                del content[at:]
    return bytes(content)


@settings(max_examples=400)
@given(st.data())
def test_a_mutated_file_decodes_or_is_refused(data):
    content = mutated(data, of=FILES)
    begin, sentence = perf_counter(), "-"
    try:
        as_document(decode(content))
    except CapError as error:
        sentence = f"{error.reason} {error}"
    assert 0 < len(sentence) < 600
    assert perf_counter() - begin < LONGEST_S


@settings(max_examples=150)
@given(st.binary(max_size=300), st.sampled_from([b"", b"<", b"<?xml ", b"<alert>", b"\xff\xfe"]))
def test_random_bytes_raise_nothing_but_errors_of_ours(noise, start):
    with pytest.raises(CapError):
        decode(start + noise)


@settings(max_examples=100)
@given(st.data())
def test_a_truncated_file_is_refused(data):
    content = data.draw(st.sampled_from(sorted(SOUND.values())))
    size = data.draw(st.integers(0, len(content.rstrip()) - 1))
    with pytest.raises(CapError):
        decode(content[:size])


@settings(max_examples=100)
@given(st.data())
def test_a_mutated_feed_is_read_or_refused(data):
    alert = data.draw(st.sampled_from(sorted(SOUND.values()))).partition(b"?>")[2]
    feed = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id><content>' + alert
    content = mutated(data, of={"feed": feed + b"</content></entry></feed>"})
    try:
        read_feed(content, address="http://127.0.0.1/feed")
    except CapError:
        return
