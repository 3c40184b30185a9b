"""Looking ahead: rows are made for a jump that may follow, where nothing else is due."""

import pytest

from app.live.messages import Ahead, Change, Pause, Play, Seek
from app.live.session import Session
from tests.app.seat import SPECS, Seat


@pytest.mark.parametrize(("name", "end"), [("adam", 200), ("no steps", 0)])
def test_who_may_jump_finds_the_rows_made(name: str, end: int) -> None:
    seat = Seat(SPECS[name], most=30)
    seat.session.state()
    seat.session.receive(Ahead(), seat.now)
    assert not seat.session.owes_state, "nothing has changed for the viewer"
    calls = 0
    while seat.session.wake <= seat.now:
        assert seat.session.planned(seat.now, 30) is None
        assert seat.session.advance(seat.now, 30) == []
        calls += 1
    assert calls == max(1, -(-end // 30))
    # The whole way at once, though only 30 rows may be computed.
    seat.session.receive(Seek(10**6), seat.now)
    frames = seat.session.advance(seat.now, 30)
    assert seat.session.computed == 0
    assert frames[-1].last == seat.session.step == end


def test_looking_ahead_ends_where_the_run_does_and_when_it_changes() -> None:
    seat = Seat(SPECS["diverges"], most=30)
    seat.command(Ahead())
    assert not seat.session.looks_ahead
    seat.session.receive(Ahead(), seat.now)
    seat.session.receive(Change({"learning_rate": 0.1}), seat.now)
    assert not seat.session.looks_ahead


def test_who_plays_misses_no_frame_for_it() -> None:
    with_it, without = Seat(SPECS["adam"]), Seat(SPECS["adam"])
    for seat in (with_it, without):
        seat.command(Play())
        seat.wait(0.3)
        if seat is with_it:
            seat.command(Ahead())
        seat.wait(0.3)
    assert with_it.rows == without.rows
    assert [frame.last for frame in with_it.frames] == [frame.last for frame in without.frames]


def test_only_who_stands_still_at_unknown_rows_could_look_ahead() -> None:
    seat = Seat(SPECS["adam"])
    could = [seat.session.could_look_ahead]
    for command in (Play(), Pause(), Ahead(), Change({"learning_rate": 0.1})):
        seat.command(command)
        could.append(seat.session.could_look_ahead)
    # After a change, the rows are others.
    assert could == [True, False, True, False, True]
    assert not Seat(SPECS["no steps"]).session.could_look_ahead
    assert not Session(60, 10).could_look_ahead
