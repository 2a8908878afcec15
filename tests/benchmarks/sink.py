"""A sink for mail as a process of its own, where Postfix's `smtp-sink` is not installed. `python sink.py PORT`."""

import asyncio
import sys

GREETING = b"220 sink\r\n"
REPLIES = {b"EHLO": b"250-sink\r\n250 PIPELINING\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
TAKEN = b"250 2.0.0 kept nowhere\r\n"


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept everything that one client says."""
    writer.write(GREETING)
    while line := await reader.readline():
        verb = line[:4].strip().upper()
        writer.write(REPLIES.get(verb, b"250 2.1.0 yes\r\n"))
        if verb == b"DATA":
            await writer.drain()
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(TAKEN)
        if verb == b"QUIT":
            break
        await writer.drain()
    writer.close()


async def serve(port: int) -> None:
    """Listen until somebody ends the process."""
    server = await asyncio.start_server(talk, "127.0.0.1", port, limit=2**26)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
