"""A server that does exactly what a test tells it, byte by byte, on each of its connections."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

HOST = "127.0.0.1"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Call:
    """One connection that somebody made; `number` counts from 0."""

    def __init__(self, wire: socket.socket, number: int, released: threading.Event) -> None:
        self.wire, self.number, self.released = wire, number, released
        self._data = b""

    def request(self) -> bytes:
        """Return the next whole request, b"" when the other side hangs up."""
        while True:
            end = self._data.find(b"\r\n\r\n")
            if end >= 0:
                length = int(self._data.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                if len(self._data) >= end + 4 + length:
                    found = self._data[: end + 4 + length]
                    self._data = self._data[end + 4 + length :]
                    return found
            data = self.wire.recv(65_536)
            if not data:
                return b""
            self._data += data

    def say(self, data: bytes) -> None:
        """Send bytes."""
        self.wire.sendall(data)

    def drip(self, data: bytes, *, every_s: float) -> None:
        """Send a byte now and then, until told to stop."""
        for byte in data:
            if self.released.wait(every_s):
                return
            self.wire.sendall(bytes([byte]))

    def reset(self) -> None:
        """Close it the hard way."""
        self.wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.wire.close()


Script = Callable[[Call], None]


class RawServer:
    """Listens, and hands each connection to a script in a thread of its own."""

    def __init__(self, script: Script, *, tls: ssl.SSLContext | None = None) -> None:
        self.script, self._tls = script, tls
        self.released = threading.Event()
        self.calls = 0
        self._wires: list[socket.socket] = []
        self._listening = socket.create_server((HOST, 0))
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        """Return where it listens."""
        return int(self._listening.getsockname()[1])

    @property
    def address(self) -> str:
        """Return its address."""
        return f"{'https' if self._tls else 'http'}://{HOST}:{self.port}/send"

    def close(self) -> None:
        """Hang up on everybody."""
        self.released.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listening.close()
        for wire in self._wires:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self._listening.accept()
            except OSError:
                return
            call = threading.Thread(target=self._answer, args=(wire, self.calls))
            self.calls += 1
            self._wires.append(wire)
            self._threads.append(call)
            call.start()

    def _answer(self, wire: socket.socket, number: int) -> None:
        with suppress(OSError), wire:
            if self._tls is not None:
                wire = self._tls.wrap_socket(wire, server_side=True)
                self._wires.append(wire)
            with wire:
                self.script(Call(wire, number, self.released))


@contextmanager
def raw_server(script: Script, *, tls: ssl.SSLContext | None = None) -> Iterator[RawServer]:
    """Run a server until the block ends."""
    server = RawServer(script, tls=tls)
    try:
        yield server
    finally:
        server.close()


def always(answer: bytes = OK) -> Script:
    """Return a script that answers every request alike."""

    def script(call: Call) -> None:
        while call.request():
            call.say(answer)

    return script
