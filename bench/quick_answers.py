"""A push service that only waits and says 201: what is measured is who sends.

`python -m bench.quick_answers SECONDS` prints its port, and answers each push so much later. How
many it took can be asked with GET.
"""

import asyncio
import sys

TAKEN = b"HTTP/1.1 201 Created\r\nLocation: /m/1\r\nTTL: 60\r\nContent-Length: 0\r\n\r\n"
END = b"\r\n\r\n"


class Conversation(asyncio.Protocol):
    """One connection: requests one after another."""

    taken = 0

    def __init__(self, after: float) -> None:
        self.after = after
        self.heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.heard += data
        while (end := self.heard.find(END)) >= 0:
            head = self.heard[:end].lower()
            length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
            if len(self.heard) < end + len(END) + length:
                return
            self.heard = self.heard[end + len(END) + length :]
            if head.startswith(b"get"):
                self.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n%9d" % self.taken)
                continue
            Conversation.taken += 1
            asyncio.get_running_loop().call_later(self.after, self.write, TAKEN)

    def write(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)  # type: ignore[attr-defined]


async def serve(after: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Conversation(after), "127.0.0.1", 0, backlog=2000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
