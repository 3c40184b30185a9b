"""Binary frames: what is put in comes out, and what is no frame is refused."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.live.frames import HEADER, Frame, Kind, decode, encode
from engine import Trajectory

FLOATS = st.floats(width=64)
NAMES = ("w", "b", "w1")


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    names = NAMES[: draw(st.integers(1, 3))]
    count = draw(st.integers(1, 40))
    first, stride = draw(st.integers(0, 2**31)), draw(st.integers(1, 40_000))
    numbers = st.lists(FLOATS, min_size=count * len(names), max_size=count * len(names))
    theta = np.array(draw(numbers)).reshape(count, len(names))
    loss = np.array(draw(st.lists(FLOATS, min_size=count, max_size=count)))
    steps = first + stride * np.arange(count, dtype=np.int64)
    return Frame(draw(st.sampled_from(Kind)), Trajectory(names, steps, theta, loss), stride)


@given(frames())
def test_a_frame_survives_the_way(frame: Frame) -> None:
    back = decode(encode(frame), frame.rows.names)
    assert (back.kind, back.stride, back.last) == (frame.kind, frame.stride, frame.last)
    np.testing.assert_array_equal(back.rows.step, frame.rows.step)
    assert back.rows.theta.tobytes() == np.ascontiguousarray(frame.rows.theta).tobytes()
    assert back.rows.loss.tobytes() == frame.rows.loss.tobytes()


def test_layout_is_the_documented_one() -> None:
    rows = Trajectory(("w", "b"), np.array([7, 9]), np.array([[1.0, 3.0], [2.0, 4.0]]), np.array([5.0, 6.0]))
    expected = struct.pack("<HBBIII6d", 1, 0, 3, 2, 7, 2, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
    assert encode(Frame(Kind.STEPS, rows, 2)) == expected


def test_rows_of_a_column_major_array_are_not_mixed_up() -> None:
    theta = np.asfortranarray(np.arange(6.0).reshape(3, 2))
    rows = Trajectory(("w", "b"), np.arange(3), theta, np.zeros(3))
    np.testing.assert_array_equal(decode(encode(Frame(Kind.PATH, rows)), ("w", "b")).rows.theta, theta)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (b"", "header of 16 bytes"),
        (bytes(15), "header of 16 bytes"),
        (HEADER.pack(2, 0, 3, 0, 0, 1), "version 1"),
        (HEADER.pack(1, 0, 2, 0, 0, 1), "3 columns"),
        (HEADER.pack(1, 0, 3, 1, 0, 1), "3 columns of 1 rows"),
        (HEADER.pack(1, 9, 3, 0, 0, 1), "9 is not a valid Kind"),
    ],
)
def test_what_is_no_frame_is_refused(message: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        decode(message, ("w", "b"))
