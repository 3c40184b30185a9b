"""What property tests draw: specs of every kind, and JSON of any kind."""

from typing import Any

from hypothesis import strategies as st

import engine

RATES = {"gradient-descent", "momentum", "nesterov"}


@st.composite
def specs(
    draw: st.DrawFn, *, linear: bool = False, most_steps: int = 700, rates: tuple[float, float] = (1e-3, 0.6)
) -> dict[str, Any]:
    """The JSON of a run; `linear`: of one that the fast paths compute."""
    n = draw(st.integers(1, 30))
    name = draw(st.sampled_from(sorted(RATES) if linear else list(engine.OPTIMIZERS)))
    rate = engine.OPTIMIZERS[name].value.rate
    steps = draw(st.integers(0, most_steps))
    changes = draw(st.lists(st.tuples(st.integers(0, steps + 3), st.floats(*rates)), max_size=3))
    return {
        "dataset": {"name": draw(st.sampled_from(["offset-beans", "proportional-beans"])), "count": n, "seed": n},
        "model": draw(st.sampled_from(list(engine.MODELS))),
        "loss": "squared-error" if linear else draw(st.sampled_from(list(engine.LOSSES))),
        "optimizer": {"name": name, rate: draw(st.floats(*rates))},
        "batch": {
            "size": draw(st.just("all") | st.integers(1, n)),
            "order": draw(st.sampled_from(list(engine.ORDERS))),
        },
        "steps": steps,
        "seed": draw(st.integers(0, 9)),
        "changes": [{"step": step, "optimizer": {rate: value}} for step, value in changes],
        "stop": draw(st.none() | st.just({"gradient_norm": 1e-3})),
    }


NUMBERS = st.integers() | st.floats() | st.sampled_from([0, 1, -1, 10**400, 1e300, float("nan"), float("inf")])
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=5) | st.just("all"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def _choice(names: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(list(names)) | ANYTHING


_PARAMS = {p.name: NUMBERS | ANYTHING for entry in engine.OPTIMIZERS.values() for p in entry.parameters}
_OPTIMIZER = st.fixed_dictionaries({}, optional={"name": _choice(engine.OPTIMIZERS), **_PARAMS})
_POINTS = st.lists(NUMBERS | st.lists(NUMBERS, max_size=2), max_size=3) | ANYTHING
# JSON that is nearly a spec: right keys with wrong values go deeper than any values at random.
NEARLY_SPECS = ANYTHING | st.fixed_dictionaries(
    {},
    optional={
        "dataset": ANYTHING
        | st.fixed_dictionaries(
            {},
            optional={
                "name": _choice(engine.DATASETS),
                "count": NUMBERS | ANYTHING,
                "seed": NUMBERS | ANYTHING,
                "x": _POINTS,
                "y": _POINTS,
            },
        ),
        "model": _choice(engine.MODELS),
        "loss": _choice(engine.LOSSES),
        "optimizer": ANYTHING | _OPTIMIZER,
        "batch": ANYTHING
        | st.fixed_dictionaries({}, optional={"size": NUMBERS | ANYTHING, "order": _choice(engine.ORDERS)}),
        "start": ANYTHING | st.fixed_dictionaries({}, optional={"w": NUMBERS | ANYTHING, "b": NUMBERS | ANYTHING}),
        "steps": NUMBERS | ANYTHING,
        "seed": NUMBERS | ANYTHING,
        "changes": ANYTHING
        | st.lists(
            ANYTHING
            | st.fixed_dictionaries({}, optional={"step": NUMBERS | ANYTHING, "optimizer": ANYTHING | _OPTIMIZER}),
            max_size=3,
        ),
        "stop": ANYTHING | st.fixed_dictionaries({}, optional={"gradient_norm": NUMBERS | ANYTHING}),
    },
)
