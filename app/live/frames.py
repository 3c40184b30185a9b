"""Frames of numbers as binary messages.

Little endian. A header of 16 bytes, then columns of float64 one after another:

| offset | type | what |
|---|---|---|
| 0 | u16 | version: 1 |
| 2 | u8 | kind: 0 steps, 1 path |
| 3 | u8 | columns: the parameters in order, then the loss |
| 4 | u32 | rows |
| 8 | u32 | step of the first row |
| 12 | u32 | stride: row i is step first + i · stride |
| 16 | f64 | the first column, `rows` long; then the others |

`steps`: its rows replace all rows from its first step on. `path`: a thinned way from the start in pieces, each with a
wider stride; the first one, from step 0, replaces everything, the others go on from there, and the row follows to which
it leads.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from engine import Trajectory

VERSION = 1
HEADER = struct.Struct("<HBBIII")
FLOAT = np.dtype("<f8")


class Kind(IntEnum):
    """What a frame does to the rows that the page holds."""

    STEPS = 0
    PATH = 1


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Rows `stride` steps apart."""

    kind: Kind
    rows: Trajectory
    stride: int = 1

    @property
    def last(self) -> int:
        """The step of the last row."""
        return int(self.rows.step[-1])


def encode(frame: Frame) -> bytes:
    """The binary message."""
    rows = frame.rows
    width = len(rows.names) + 1
    header = HEADER.pack(VERSION, frame.kind, width, len(rows), int(rows.step[0]), frame.stride)
    return b"".join((header, rows.theta.T.astype(FLOAT, order="C").tobytes(), rows.loss.astype(FLOAT).tobytes()))


def decode(message: bytes, names: tuple[str, ...]) -> Frame:
    """The frame of a binary message, `names` being the parameters; ValueError if it is none."""
    if len(message) < HEADER.size:
        raise ValueError(f"expected a header of {HEADER.size} bytes, got {len(message)}")
    version, kind, width, count, first, stride = HEADER.unpack_from(message)
    if version != VERSION:
        raise ValueError(f"expected version {VERSION}, got {version}")
    if width != len(names) + 1:
        raise ValueError(f"expected {len(names) + 1} columns, got {width}")
    if len(message) != HEADER.size + width * count * FLOAT.itemsize:
        raise ValueError(f"expected {width} columns of {count} rows, got {len(message) - HEADER.size} bytes")
    columns = np.frombuffer(message, FLOAT, offset=HEADER.size).reshape(width, count)
    steps = first + stride * np.arange(count, dtype=np.int64)
    return Frame(Kind(kind), Trajectory(names, steps, columns[:-1].T, columns[-1]), stride)
