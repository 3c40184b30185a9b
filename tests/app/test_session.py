"""The session's state machine, without a socket: whatever is commanded, the viewer holds rows of the run that is."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from app.live.flow import MOST_IN_FLIGHT
from app.live.frames import Kind
from app.live.messages import Ack, Ahead, Change, Command, Pause, Play, Seek, Speed, Step
from app.live.session import EVERY_STEP_UP_TO, Mode, Session
from engine import SpecError
from tests.app.seat import SPECS, Seat

COMMANDS = st.one_of(
    st.just(Play()),
    st.just(Pause()),
    st.builds(Step, st.integers(-300, 300)),
    st.builds(Seek, st.integers(0, 2500)),
    st.just(Ahead()),
    st.builds(Speed, st.sampled_from([0.1, 1.0, 60.0, 777.0, 5000.0, 30_000.0])),
    st.builds(Change, st.fixed_dictionaries({"learning_rate": st.sampled_from([0.01, 0.2, 0.5, 1.4])})),
)
SCRIPTS = st.lists(st.tuples(COMMANDS, st.floats(0, 0.3)), max_size=12)


@given(
    name=st.sampled_from(sorted(SPECS)),
    at=st.integers(0, 600),
    script=SCRIPTS,
    most=st.sampled_from([1, 7, 100, 10_000]),
)
def test_whatever_is_commanded_the_rows_are_those_of_the_run(
    name: str, at: int, script: list[tuple[Command, float]], most: int
) -> None:
    seat = Seat(SPECS[name], at, most=most)
    for command, seconds in script:
        seat.command(command)
        seat.wait(seconds)
    seat.check()
    held = sorted(seat.rows)
    # A path is thinned only when it is long, and these are not: no step is missing.
    assert held == list(range(held[0], held[-1] + 1))


@given(script=SCRIPTS, name=st.sampled_from(sorted(SPECS)))
def test_without_acks_at_most_four_frames_are_in_flight(script: list[tuple[Command, float]], name: str) -> None:
    seat = Seat(SPECS[name], acks=False)
    for command, seconds in script:
        before = len(seat.frames)
        seat.command(command)
        seat.wait(seconds)
        # The pieces of a path and its row, then no more than may be in flight.
        assert len([frame for frame in seat.frames[before:] if frame.kind is Kind.STEPS]) <= 1 + MOST_IN_FLIGHT
        assert not seat.session.stalled(seat.now) or seconds > 0


def test_a_session_starts_paused_with_one_row() -> None:
    seat = Seat({"steps": 100})
    assert [(frame.kind, len(frame.rows), frame.last) for frame in seat.frames] == [(Kind.STEPS, 1, 0)]
    assert seat.status == "paused"
    assert seat.session.mode is Mode.PAUSED


def test_a_resumed_session_sends_the_way_so_far_and_then_the_row() -> None:
    seat = Seat({"steps": 100}, at=40)
    assert [(frame.kind, len(frame.rows), frame.last) for frame in seat.frames] == [
        (Kind.PATH, 41, 40),
        (Kind.STEPS, 1, 40),
    ]


def test_commands_before_a_run_are_refused() -> None:
    session = Session(60, 10)
    for command in (Play(), Pause(), Step(1), Seek(0), Speed(5.0), Change({})):
        with pytest.raises(SpecError):
            session.receive(command, 0.0)
    session.receive(Ack(5), 0.0)
    assert session.mode is Mode.IDLE


def test_playing_keeps_its_speed() -> None:
    seat = Seat({"steps": 100_000, "batch": {"size": "all"}})
    seat.command(Speed(5000.0))
    seat.command(Play())
    seat.wait(2.0)
    assert seat.session.step == pytest.approx(10_000, abs=100)
    assert len(seat.frames) == pytest.approx(120, abs=3)
    assert all(frame.stride == 1 for frame in seat.frames)


def test_one_step_a_second_is_one_step_a_second() -> None:
    seat = Seat({"steps": 100})
    seat.command(Speed(1.0))
    seat.command(Play())
    seat.wait(5.05)
    assert [frame.last for frame in seat.frames] == [0, 1, 2, 3, 4, 5]


def test_every_step_is_sent_up_to_the_promised_speed() -> None:
    seat = Seat({"steps": 100_000, "batch": {"size": "all"}})
    seat.command(Speed(float(EVERY_STEP_UP_TO)))
    seat.command(Play())
    seat.wait(1.0)
    steps = [step for frame in seat.frames for step in map(int, frame.rows.step)]
    assert steps == list(range(seat.session.step + 1))
    assert seat.session.step == pytest.approx(30_000, abs=600)


def test_beyond_it_rows_are_left_out_but_never_the_present_one_nor_the_last() -> None:
    seat = Seat({"steps": 1_000_003 // 7, "batch": {"size": "all"}})
    seat.command(Speed(1e6))
    seat.command(Play())
    for _ in range(5):
        seat.wait(1 / 60)
        assert seat.frames[-1].last == seat.session.step
        assert 0 < len(seat.frames[-1].rows) <= 1000
    assert seat.frames[-1].stride > 1
    seat.wait(1.0)
    assert seat.status == "finished"
    assert seat.frames[-1].last == seat.session.step == 1_000_003 // 7
    seat.check()


def test_a_change_takes_effect_with_the_next_step_and_at_once() -> None:
    seat = Seat({"steps": 10_000, "batch": {"size": "all"}})
    seat.command(Speed(600.0))
    seat.command(Play())
    seat.wait(0.5)
    before, frames = seat.session.step, len(seat.frames)
    seat.now += 0.005  # in the middle between two frames
    seat.command(Change({"learning_rate": 0.3}))
    assert len(seat.frames) == frames + 1, "its first rows do not wait for the next frame"
    assert seat.session.state().changes == (engine.Change(before, {"learning_rate": 0.3}),)
    seat.wait(0.2)
    seat.check()


def test_going_back_and_changing_drops_later_changes() -> None:
    seat = Seat({"steps": 1000})
    for step, rate in ((500, 0.2), (700, 0.3), (600, 0.4)):
        seat.command(Seek(step))
        seat.command(Change({"learning_rate": rate}))
    assert [(change.step, change.optimizer["learning_rate"]) for change in seat.session.state().changes] == [
        (500, 0.2),
        (600, 0.4),
    ]
    seat.command(Step(400))
    seat.check()


def test_theory_is_that_of_the_parameters_in_force() -> None:
    seat = Seat({"steps": 1000, "batch": {"size": "all"}, "optimizer": {"learning_rate": 0.1}})
    seat.command(Seek(500))
    before = seat.session.state().theory
    seat.command(Change({"learning_rate": 0.9}))
    after = seat.session.state().theory
    assert before is not None
    assert after is not None
    assert before.error_factor != after.error_factor
    seat.command(Step(-1))
    assert seat.session.state().theory is before, "and it is remembered"


def test_a_diverged_run_goes_on_with_a_smaller_rate() -> None:
    seat = Seat(SPECS["diverges"])
    seat.command(Speed(30_000.0))
    seat.command(Play())
    seat.wait(1.0)
    assert seat.status == "diverged"
    end = seat.session.step
    seat.command(Step(-10))
    assert seat.status == "paused"
    seat.command(Change({"learning_rate": 0.1}))
    seat.command(Play())
    seat.wait(1.0)
    assert seat.status == "finished"
    assert seat.session.step == 500 > end
    seat.check()


def test_play_at_the_end_stays_there() -> None:
    seat = Seat({"steps": 10}, at=10)
    assert seat.status == "finished"
    seat.command(Play())
    assert seat.status == "finished"
    assert seat.session.wake == np.inf


def test_a_long_way_is_gone_in_pieces_that_can_be_left() -> None:
    seat = Seat({"steps": 5000, "optimizer": {"name": "adam"}}, most=100)
    seat.session.receive(Seek(5000), seat.now)
    for _ in range(3):
        assert seat.session.advance(seat.now, 100) == []
    seat.session.receive(Seek(250), seat.now)
    seat.drive()
    assert seat.session.step == 250
    assert seat.frames[-1].last == 250


def test_a_change_waits_until_its_step_is_reached() -> None:
    seat = Seat({"steps": 1000})
    seat.session.receive(Seek(900), seat.now)
    assert not seat.session.accepts(Change({"learning_rate": 0.2}))
    assert seat.session.accepts(Pause())
    seat.drive()
    assert seat.session.accepts(Change({"learning_rate": 0.2}))


def test_play_on_the_way_plays_when_there() -> None:
    seat = Seat({"steps": 1000}, most=10)
    seat.session.receive(Seek(100), seat.now)
    seat.session.receive(Play(), seat.now)
    seat.drive()
    assert seat.session.step == 100
    assert seat.status == "playing"
    seat.wait(0.5)
    assert seat.session.step > 120
    seat.check()


def test_a_seek_does_not_stop_a_playing_session_and_a_step_does() -> None:
    seat = Seat({"steps": 1000})
    seat.command(Play())
    seat.command(Seek(300))
    assert seat.status == "playing"
    seat.command(Step(1))
    assert (seat.status, seat.session.step) == ("paused", 301)


def test_who_never_acks_is_stalled_and_who_pauses_is_not() -> None:
    seat = Seat({"steps": 100_000}, acks=False)
    seat.command(Speed(600.0))
    seat.command(Play())
    seat.wait(9.0)
    assert len(seat.frames) == MOST_IN_FLIGHT
    assert not seat.session.stalled(seat.now)
    seat.wait(2.0)
    assert seat.session.stalled(seat.now)
    seat.session.receive(Pause(), seat.now)
    assert not seat.session.stalled(seat.now)


def test_after_a_delay_at_most_a_quarter_of_a_second_is_made_up_for() -> None:
    seat = Seat({"steps": 100_000}, acks=False)
    seat.command(Speed(600.0))
    seat.command(Play())
    seat.wait(5.0)
    held = seat.session.step
    seat.session.receive(Ack(held), seat.now)
    seat.drive()
    assert seat.session.step - held == 151


def test_a_broken_change_changes_nothing() -> None:
    seat = Seat({"steps": 100}, at=50)
    for optimizer in ({"learning_rate": -1}, {"rate": 1}, {"learning_rate": "x"}):
        with pytest.raises(SpecError) as caught:
            seat.session.receive(Change(optimizer), seat.now)
        assert caught.value.problems[0].path.startswith("optimizer.")
    seat.check()


@pytest.mark.parametrize(("count", "expected"), [(1, 51), (-1, 49), (0, 50), (1000, 100), (-1000, 0)])
def test_steps_stay_within_the_run(count: int, expected: int) -> None:
    seat = Seat({"steps": 100}, at=50)
    seat.command(Step(count))
    assert seat.session.step == expected
    assert seat.frames[-1].last == expected
    seat.check()


def test_frames_of_a_long_walk_are_bounded() -> None:
    seat = Seat({"steps": 100_000, "batch": {"size": "all"}}, most=10**9)
    seat.command(Step(50_000))
    assert seat.session.step == 50_000
    assert max(len(frame.rows) for frame in seat.frames) <= 8192
    firsts = [(int(frame.rows.step[0]), frame.last) for frame in seat.frames]
    assert all(later == last + 1 for (_, last), (later, _) in itertools.pairwise(firsts))


@pytest.mark.parametrize("pauses", [False, True])
def test_who_saw_only_some_rows_is_shown_the_way_at_the_end(pauses: bool) -> None:
    seat = Seat({"steps": 200_000, "batch": {"size": "all"}})
    seat.command(Speed(1e9))
    seat.command(Play())
    for _ in range(20 if pauses else 10_000):
        seat.wait(0.001)
        if seat.status == "finished":
            break
    assert any(frame.stride > 1 for frame in seat.frames), "or this tests nothing"
    if pauses:
        assert len(seat.rows) < 1000
        seat.command(Pause())
    last = seat.session.step
    assert (last < 200_000) == pauses
    steps = sorted(seat.rows)
    assert steps[:256] == list(range(256))
    assert steps[-1] == last
    whole = engine.run(engine.RunSpec.from_dict({"steps": 200_000, "batch": {"size": "all"}})).trajectory
    assert all(seat.rows[step][-1] == whole.loss[step] for step in steps)
