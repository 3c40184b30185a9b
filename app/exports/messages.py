"""What a worker says to the server: messages of kind (one byte), length (u32, little endian) and content."""

import struct
from asyncio import StreamReader
from typing import BinaryIO

PROGRESS = b"p"  # JSON: [done, total]
DATA = b"d"  # a piece of the file
PROBLEMS = b"x"  # JSON: why there will be no file
END = b"e"  # the file is complete

_HEADER = struct.Struct("<cI")


def write(output: BinaryIO, kind: bytes, content: bytes) -> None:
    """Write one message."""
    output.write(_HEADER.pack(kind, len(content)) + content)
    output.flush()


async def read(reader: StreamReader) -> tuple[bytes, bytes]:
    """The next message: its kind and content; IncompleteReadError if the worker has ended without one."""
    kind, length = _HEADER.unpack(await reader.readexactly(_HEADER.size))
    return kind, await reader.readexactly(length)
