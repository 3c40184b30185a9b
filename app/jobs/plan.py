"""A sweep as a value: from the JSON of a request to the runs it consists of and the parts in which they are computed.

The parts follow from the request alone, so a sweep that is taken up again after a crash has the same ones.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from math import prod
from typing import Any

import orjson

from app.errors import Refused
from app.jobs.boxes import boxes
from app.jobs.effort import Effort, effort
from app.limits import excess
from app.settings import Settings
from app.texts import fail, problem
from engine import Problem, RunSpec, SpecError
from engine.extra import is_there
from engine.keys import NAMES, is_lane, renamed
from engine.reading import Reader
from engine.sweeps import GOAL, read_goal
from engine.varied import combinations, read_varied

KEYS = ("base", "vary", "goal")
MOST_NAMES = 64  # combinations of names (methods, orders, …): each is checked as a spec of its own


@dataclass(frozen=True, slots=True)
class Part:
    """Runs that are computed together: all combinations of `values`, which are those of `vary` within `box`."""

    number: int
    box: dict[str, slice]
    values: dict[str, list[Any]]
    runs: int
    steps: int


@dataclass(frozen=True)
class Plan:
    """A sweep: `base` filled in, the values of every key, what counts as reached; `given` is `vary` as it was written.

    compiled: whether it was cut into parts for workers with machine code; the same parts wherever it is taken up again.
    The runs are all combinations, the last key changing fastest, as in `engine.sweep`.
    """

    base: dict[str, Any]
    vary: dict[str, list[Any]]
    goal: dict[str, float] | None
    given: dict[str, Any] = field(default_factory=dict)
    compiled: bool = False

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return prod(len(values) for values in self.vary.values())

    @property
    def steps(self) -> int:
        """How many steps all runs have together, if none ends early."""
        lengths: list[int] = self.vary.get("steps", [self.base["steps"]])
        return self.runs // len(lengths) * sum(lengths)

    @property
    def request(self) -> dict[str, Any]:
        """JSON-ready; `read` makes the same plan of it."""
        return {"base": self.base, "vary": self.given, "goal": self.goal}

    @property
    def seconds(self) -> float:
        """How long one worker takes for all of it, roughly."""
        efforts = self._efforts
        return self.runs * sum(effort.run for effort in efforts) / len(efforts)

    @property
    def _efforts(self) -> list[Effort]:
        """What runs take, for each combination of names; for the longest of the steps."""
        steps: int = max(self.vary.get("steps", [self.base["steps"]]))
        lanes = prod(len(values) for key, values in self.vary.items() if is_lane(key))
        specs = (renamed(self.base, names) for names in combinations(self.vary))
        return [effort(spec, steps, lanes, compiled=self.compiled) for spec in specs]

    def dumps(self) -> bytes:
        """All of it as JSON, for `restore`: the values too, so that they have the same bits ever after."""
        return orjson.dumps({each.name: getattr(self, each.name) for each in fields(self)})

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All parts; together they are all runs, each once."""
        return tuple(self._parts())

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that any of the models has."""
        models = self.vary.get("model", [self.base["model"]])
        named = (NAMES["model"][name].value.parameters for name in models)
        return tuple(dict.fromkeys(name for names in named for name in names))

    def _parts(self) -> Iterator[Part]:
        # Runs that differ in lanes go side by side, so these are the last to be cut apart.
        keys = sorted(self.vary, key=is_lane)
        most = min(effort.runs_at_once for effort in self._efforts)
        for number, cuts in enumerate(boxes([len(self.vary[key]) for key in keys], most)):
            cut = dict(zip(keys, cuts, strict=True))
            box = {key: cut[key] for key in self.vary}
            piece = Plan(self.base, {key: values[box[key]] for key, values in self.vary.items()}, self.goal)
            yield Part(number, box, piece.vary, piece.runs, piece.steps)


def read(request: Any, settings: Settings) -> Plan:
    """The plan that `{"base": …, "vary": …, "goal": …}` describes.

    SpecError with every problem and its path; Refused with 413 for what is more than this server computes.
    """
    reader = Reader()
    top = reader.object(request, "", KEYS)
    _refuse(excess(top.get("base"), settings), "base.")
    base = _within(reader, "base", top.get("base", {}))
    aim = read_goal(reader, top.get("goal"))
    given = top.get("vary")
    if given is None or given == {}:
        reader.add(fail("vary", "missing", expected="an object of keys and their values"))
    keys = given if isinstance(given, Mapping) else reader.object(given, "vary", ())
    vary = {} if base is None else read_varied(reader, base.to_dict(), keys, settings.max_sweep_runs)
    if prod(len(values) for key, values in vary.items() if key in NAMES) > MOST_NAMES:
        reader.add(fail("vary", "too-many-names", limit=MOST_NAMES))
    reader.finish()
    assert base is not None
    goal = None if aim is None else {GOAL.name: aim}
    plan = Plan(base.to_dict(), vary, goal, dict(keys), is_there())
    _check_size(plan, settings)
    for names in combinations(vary):
        _within(reader, "base", renamed(plan.base, names))
    _check_batches(reader, plan)
    reader.finish()
    return plan


def restore(text: bytes) -> Plan:
    """The plan whose `dumps` gave this."""
    return Plan(**orjson.loads(text))


def _within(reader: Reader, path: str, spec: Any) -> RunSpec | None:
    try:
        return RunSpec.from_dict(spec)
    except SpecError as error:
        for each in error.problems:
            reader.problems.append(Problem(f"{path}.{each.path}".rstrip("."), each.message))
        return None


def _check_size(plan: Plan, settings: Settings) -> None:
    """Refused with 413 if a run, or all of them together, is more than this server computes."""
    limits = {"steps": settings.max_steps, "dataset.count": settings.max_points}
    _refuse(
        problem(f"vary.{key}.{i}", "too-many", limit=limit, got=value)
        for key, limit in limits.items()
        for i, value in enumerate(plan.vary.get(key, ()))
        if value > limit
    )
    totals = (
        ("too-many-runs", plan.runs, settings.max_sweep_runs),
        ("too-many-steps", plan.steps, settings.max_sweep_steps),
    )
    _refuse(problem("vary", key, limit=limit, got=got) for key, got, limit in totals if got > limit)


def _check_batches(reader: Reader, plan: Plan) -> None:
    """A batch cannot be larger than the data it is taken from, for any combination of the two."""
    sizes = plan.vary.get("batch.size", [plan.base["batch"]["size"]])
    counts = plan.vary.get("dataset.count", [len(RunSpec.from_dict(plan.base).dataset)])
    for i, size in enumerate(sizes):
        if size != "all" and size > min(counts):
            path = f"vary.batch.size.{i}" if "batch.size" in plan.vary else "base.batch.size"
            reader.add(fail(path, "batch-too-large", expected=min(counts), got=size))


def _refuse(problems: Any, prefix: str = "") -> None:
    found = [Problem(prefix + each.path, each.message) for each in problems]
    if found:
        raise Refused(413, *found[:20])
