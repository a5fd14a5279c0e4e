"""Answer SL 651 reports with nothing but asyncio, fastcrc and struct: what the gateway is held to.

Frames are cut by their length field, their checksum is tested, and each gets a confirmation with
its serial number. Nothing is decoded further, and nothing is stored.
"""

import asyncio
import struct
import sys
from typing import cast

from fastcrc import crc16

OVERHEAD = 17
HEAD = struct.Struct(">2sB5s2sBHB")
ANSWER = struct.Struct(">2s5sB2sBHBH6sB")


class Bare(asyncio.Protocol):
    """One link."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)
        self.waiting = b""

    def data_received(self, data: bytes) -> None:
        """Answer every whole frame."""
        data = self.waiting + data
        at, answers = 0, []
        while len(data) - at >= OVERHEAD:
            start, center, station, password, function, length, _mark = HEAD.unpack_from(data, at)
            end = at + length + OVERHEAD
            if len(data) < end:
                break
            if crc16.modbus(data[at : end - 2]) == data[end - 2] << 8 | data[end - 1]:
                (serial,) = struct.unpack_from(">H", data, at + 14)
                sent_at = data[at + 16 : at + 22]
                answer = ANSWER.pack(
                    start, station, center, password, function, 0x8008, 2, serial, sent_at, 0x1B
                )
                answers.append(answer + crc16.modbus(answer).to_bytes(2, "big"))
            at = end
        self.waiting = data[at:]
        self.transport.write(b"".join(answers))


async def main(port: int) -> None:
    """Serve for ever."""
    server = await asyncio.get_running_loop().create_server(Bare, "127.0.0.1", port, backlog=1024)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
