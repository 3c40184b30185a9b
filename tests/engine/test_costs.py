"""Which way of making runs is foreseen to be the faster one."""

from itertools import pairwise

import pytest

from engine.costs import Cost, cost

KINDS = [
    {"affine": True, "periodic": True, "drawn": False},
    {"affine": True, "periodic": False, "drawn": True},
    {"affine": False, "periodic": False, "drawn": True, "compiled": False},
    {"affine": False, "periodic": False, "drawn": False, "compiled": True},
    {"affine": False, "periodic": False, "drawn": True, "compiled": True},
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rows", [1, 10, 1000])
def test_longer_runs_take_longer(kind: dict[str, bool], rows: int) -> None:
    costs = [cost(steps, rows=rows, **kind) for steps in (0, 1, 100, 10_000, 10**6, 10**9)]
    for shorter, longer in pairwise(costs):
        assert (shorter.shared, shorter.each, shorter.alone) < (longer.shared, longer.each, longer.alone)
        assert shorter.alone <= longer.alone


@pytest.mark.parametrize(("shared", "each", "alone"), [(1.0, 0.1, 0.3), (1e-3, 0.0, 4e-4), (2.0, 1e-9, 1.0)])
def test_many_are_as_many_as_take_longer_one_by_one(shared: float, each: float, alone: float) -> None:
    many = Cost(shared, each, alone).many
    assert shared + many * each <= many * alone
    assert many == 2 or shared + (many - 1) * each > (many - 1) * alone


def test_where_a_run_alone_takes_no_longer_than_its_share_no_number_is_many() -> None:
    assert Cost(1.0, 0.2, 0.2).many == Cost(1.0, 0.2, 0.1).many >= 10**6


def test_machine_code_makes_runs_alone_worth_while() -> None:
    kind = {"affine": False, "periodic": False, "drawn": False}
    with_it, without = (cost(10**6, rows=1, compiled=there, **kind).many for there in (True, False))
    assert with_it > 20 * without
