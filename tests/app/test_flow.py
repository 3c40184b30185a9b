"""What holds a session to its speed: credit and flight."""

import math

import pytest

from app.live.flow import MOST_IN_FLIGHT, Credit, Flight
from app.live.pace import BUDGET, Pace


def test_time_earns_steps_at_the_speed() -> None:
    credit = Credit(100.0, 1 / 60)
    credit.restart(5.0)
    assert credit.due(5.0) == 0
    assert credit.due(5.125) == 12
    credit.spend(12)
    assert credit.due(5.25) == 13, "the half step of before is not lost"


def test_no_more_than_a_quarter_of_a_second_is_made_up_for() -> None:
    credit = Credit(1000.0, 1 / 60)
    credit.restart(0.0)
    assert credit.due(60.0) == 251


def test_a_slow_run_still_steps() -> None:
    credit = Credit(0.5, 1 / 60)
    credit.restart(0.0)
    assert credit.next == pytest.approx(2.0)
    assert credit.due(1.9) == 0
    assert credit.due(2.0) == 1
    credit.spend(1)
    assert credit.next == pytest.approx(4.0)


def test_slow_frames_do_not_lose_steps() -> None:
    credit = Credit(1000.0, 1.0)
    credit.restart(0.0)
    assert credit.due(1.0) == 1000


def test_a_clock_that_goes_back_takes_nothing_away() -> None:
    credit = Credit(100.0, 1 / 60)
    credit.restart(1.0)
    credit.due(1.25)
    assert credit.due(1.0) == 25


def test_flight_is_full_with_four_and_free_again_with_an_ack() -> None:
    flight = Flight(10.0, gated=True)
    for number in range(MOST_IN_FLIGHT):
        assert not flight.full
        flight.sent(8 * number + 1, 8 * number + 8, now=float(number))
    assert flight.full
    assert flight.deadline == pytest.approx(13.0)
    flight.acked(8)
    assert flight.deadline == math.inf


@pytest.mark.parametrize(("step", "left"), [(8, 3), (24, 1), (32, 0), (20, 2), (1, 4), (0, 4), (99, 4)])
def test_an_ack_stands_for_all_that_was_drawn_before(step: int, left: int) -> None:
    flight = Flight(10.0, gated=True)
    for number in range(4):
        flight.sent(8 * number + 1, 8 * number + 8, now=0.0)
    flight.acked(step)
    taken = 0
    while not flight.full:
        flight.sent(1000 + taken, 1000 + taken, now=0.0)
        taken += 1
    assert MOST_IN_FLIGHT - taken == left


def test_acks_of_before_a_jump_count_for_nothing() -> None:
    flight = Flight(10.0, gated=True)
    for number in range(4):
        flight.sent(100 + number, 100 + number, now=0.0)
    flight.clear()
    for _ in range(4):
        flight.sent(5, 5, now=0.0)
    flight.acked(103)
    assert flight.full


def test_without_acks_flight_is_never_full() -> None:
    flight = Flight(10.0, gated=False)
    for number in range(100):
        flight.sent(number, number, now=0.0)
    assert not flight.full


def test_pace_asks_for_what_fits_into_its_budget() -> None:
    pace = Pace()
    for _ in range(40):
        pace.took(pace.rows, pace.rows * 1e-5)
    assert BUDGET / 4 <= pace.rows * 1e-5 <= BUDGET
    pace.took(pace.rows, 100 * BUDGET)
    assert pace.rows * 100 <= 4000
    pace.took(1, 1.0)
    assert pace.rows == 1
