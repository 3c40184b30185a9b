"""Messages of a live session: every command is read strictly, with everything that is wrong named by its path."""

import json
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.live import messages
from app.live.messages import (
    COMMANDS,
    Ack,
    Ahead,
    Change,
    Command,
    Inspect,
    Pause,
    Play,
    Seek,
    Speed,
    Start,
    Step,
    parse,
)
from engine import SpecError


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ('{"type": "start"}', Start({}, 0)),
        ('{"type": "start", "spec": {"steps": 5}, "at": 3}', Start({"steps": 5}, 3)),
        ('{"type": "play"}', Play()),
        ('{"type": "pause"}', Pause()),
        ('{"type": "step"}', Step(1)),
        ('{"type": "step", "count": -7}', Step(-7)),
        ('{"type": "seek", "step": 500}', Seek(500)),
        ('{"type": "speed", "steps_per_second": 0.5}', Speed(0.5)),
        ('{"type": "change", "optimizer": {"learning_rate": 0.2}}', Change({"learning_rate": 0.2})),
        ('{"type": "inspect", "step": 7}', Inspect(7)),
        ('{"type": "ahead"}', Ahead()),
        ('{"type": "ack", "step": 450}', Ack(450)),
    ],
)
def test_commands_are_read(text: str, command: Command) -> None:
    assert parse(text) == command


@pytest.mark.parametrize(
    ("message", "paths"),
    [
        ({}, ["type"]),
        ({"type": 5}, ["type"]),
        ({"type": None}, ["type"]),
        ({"type": "jump"}, ["type"]),
        ({"type": "play", "speed": 5}, ["speed"]),
        ({"type": "seek"}, ["step"]),
        ({"type": "seek", "step": -1}, ["step"]),
        ({"type": "seek", "step": 1.5}, ["step"]),
        ({"type": "seek", "step": "5"}, ["step"]),
        ({"type": "seek", "step": True}, ["step"]),
        ({"type": "seek", "step": 10**30}, ["step"]),
        ({"type": "step", "count": [1]}, ["count"]),
        ({"type": "step", "count": None}, ["count"]),
        ({"type": "speed", "steps_per_second": 0}, ["steps_per_second"]),
        ({"type": "speed", "steps_per_second": 1e10}, ["steps_per_second"]),
        ({"type": "speed", "steps_per_second": "fast"}, ["steps_per_second"]),
        ({"type": "change", "optimizer": 0.2}, ["optimizer"]),
        ({"type": "start", "spec": []}, ["spec"]),
        ({"type": "start", "at": 0.5, "from": 1}, ["at", "from"]),
        ({"type": "seek", "steps": 5}, ["steps", "step"]),
    ],
)
def test_everything_wrong_is_named(message: dict[str, Any], paths: list[str]) -> None:
    with pytest.raises(SpecError) as caught:
        parse(json.dumps(message))
    assert [problem.path for problem in caught.value.problems] == paths


@pytest.mark.parametrize(
    "text",
    [
        "",
        "play",
        "[]",
        "null",
        '"play"',
        "{",
        '{"type": "ack", "step": NaN}',
        '{"type": "ack", "step": Infinity}',
        '{"type": "ack", "step": 1e999}',
        '{"type": "play", "type": "pause"}',
        '{"type": "\\ud800"}',
        "[" * 100_000,
    ],
)
def test_what_is_no_strict_json_object_is_refused(text: str) -> None:
    with pytest.raises(SpecError):
        parse(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = sorted({member.name for command in COMMANDS.values() for member in fields(command)} | {"other"})


@given(st.dictionaries(st.sampled_from(MEMBERS), JSON), st.sampled_from([*COMMANDS, "jump"]))
def test_any_json_is_a_command_or_refused(members: dict[str, Any], name: str) -> None:
    try:
        command = parse(json.dumps({**members, "type": name}))
    except SpecError:
        return
    assert command.type == name


@given(st.text())
def test_any_text_is_a_command_or_refused(text: str) -> None:
    with pytest.raises(SpecError):
        parse(text)


def test_every_command_is_registered_by_its_name() -> None:
    assert set(COMMANDS) == {"start", "play", "pause", "step", "seek", "ahead", "speed", "change", "inspect", "ack"}
    assert all(command.type == name for name, command in COMMANDS.items())
    assert messages.PROTOCOL == 1
