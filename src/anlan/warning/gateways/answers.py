"""Read an answer of HTTP/1.1 from bytes as they come: bounded, and refused when it is unclear."""

import re
from dataclasses import dataclass
from typing import Final

LARGEST_HEAD: Final = 16 * 1024
LARGEST_BODY: Final = 64 * 1024
MOST_INTERIM: Final = 5
_STATUS: Final = re.compile(rb"HTTP/1\.([01]) (\d{3})(?: |\r|$)")
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*([^\r\n]*?)[ \t]*(?=\r\n|$)")
_CODING: Final = re.compile(rb"\r\ntransfer-encoding:[ \t]*([^\r\n]*?)[ \t]*(?=\r\n|$)")
_CONNECTION: Final = re.compile(rb"\r\nconnection:[ \t]*([^\r\n]*)")
_WITHOUT_BODY: Final = frozenset((204, 304))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    body: bytes


class Reading:
    """An answer being read. Feed it until it says that all is there, then take `answer`."""

    def __init__(self) -> None:
        self.answer = Answer(0, b"")
        self.is_kept = False
        self._data = b""
        self._interim = 0
        # Once the head is read: where the body begins, and how long it is, or how it ends.
        self._begin = 0
        self._length = -1
        self._is_chunked = False

    def feed(self, data: bytes) -> bool:
        """Take bytes, none at the end of the connection; tell whether the answer is whole.

        Raises ValueError with the reason when it is none, ends early or is too large.
        """
        self._data += data
        if not self._begin and not self._read_head(is_over=not data):
            return False
        if self._is_chunked:
            return self._read_chunks(is_over=not data)
        have = len(self._data) - self._begin
        if self._length < 0:
            if have > LARGEST_BODY:
                raise ValueError("too-large")
            return not data and self._done(self._data[self._begin :], is_clean=False)
        if have < self._length:
            if not data:
                raise ValueError("cut-off")
            return False
        body = self._data[self._begin : self._begin + self._length]
        return self._done(body, is_clean=have == self._length)

    def _read_head(self, *, is_over: bool) -> bool:
        while True:
            end = self._data.find(b"\r\n\r\n")
            if end < 0 or end > LARGEST_HEAD:
                if len(self._data) > LARGEST_HEAD:
                    raise ValueError("head-too-large")
                if is_over:
                    raise ValueError("cut-off" if self._data else "no-answer")
                return False
            head = self._data[:end]
            found = _STATUS.match(head)
            if found is None:
                raise ValueError("not-http")
            status = int(found[2])
            if status >= 200:
                self._begin = end + 4
                self._take_head(head.lower(), status=status, is_newer=found[1] == b"1")
                return True
            self._interim += 1
            if status < 100 or status == 101 or self._interim > MOST_INTERIM:
                raise ValueError("not-http")
            self._data = self._data[end + 4 :]

    def _take_head(self, head: bytes, *, status: int, is_newer: bool) -> None:
        told = _CONNECTION.search(head)
        said = told[1] if told else b""
        self.is_kept = b"keep-alive" in said or (is_newer and b"close" not in said)
        self.answer = Answer(status, b"")
        codings = _CODING.findall(head)
        if status in _WITHOUT_BODY:
            self._length = 0
        elif codings:
            if codings != [b"chunked"]:
                raise ValueError("not-http")
            self._is_chunked = True
        else:
            self._length = _length_in(head)

    def _read_chunks(self, *, is_over: bool) -> bool:
        at, body = self._begin, bytearray()
        data = self._data
        if len(data) - at > 4 * LARGEST_BODY:
            raise ValueError("too-large")
        while (line := data.find(b"\r\n", at)) >= 0:
            size = _chunk_size(data[at:line])
            if len(body) + size > LARGEST_BODY:
                raise ValueError("too-large")
            if not size:
                return self._read_trailer(line, bytes(body), is_over=is_over)
            at = line + 2 + size + 2
            if at > len(data):
                break
            if data[at - 2 : at] != b"\r\n":
                raise ValueError("not-http")
            body += data[line + 2 : at - 2]
        if is_over:
            raise ValueError("cut-off")
        return False

    def _read_trailer(self, at: int, body: bytes, *, is_over: bool) -> bool:
        end = self._data.find(b"\r\n\r\n", at)
        if end >= 0:
            return self._done(body, is_clean=end + 4 == len(self._data))
        if is_over:
            raise ValueError("cut-off")
        return False

    def _done(self, body: bytes, *, is_clean: bool) -> bool:
        """Keep the body; a connection on which more came than was told is not used again."""
        self.is_kept = self.is_kept and is_clean
        self.answer = Answer(self.answer.status, body)
        return True


def _length_in(head: bytes) -> int:
    lengths = set(_LENGTH.findall(head))
    if not lengths:
        return -1
    told = lengths.pop()
    if lengths or not told.isdigit() or len(told) > 12:
        raise ValueError("not-http")
    if int(told) > LARGEST_BODY:
        raise ValueError("too-large")
    return int(told)


def _chunk_size(line: bytes) -> int:
    told = line.partition(b";")[0].strip()
    if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", told):
        raise ValueError("not-http")
    return int(told, 16)
