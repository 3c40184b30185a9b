"""What is run, in few words: the method with its rate, the batches, the data."""

from app.exports.drawing.numbers import count, short
from app.exports.words import label, say
from engine import OPTIMIZERS, RunSpec


def values(spec: RunSpec, chosen: dict[str, float]) -> str:
    """Parameters of the method by their symbols: a = 0.1, β = 0.9."""
    parameters = {parameter.name: parameter for parameter in OPTIMIZERS[spec.optimizer.name].parameters}
    return ", ".join(f"{parameters[name].symbol or name} = {short(value, 4)}" for name, value in chosen.items())


def rate(spec: RunSpec) -> str:
    """The parameter that says how far a step goes."""
    name = spec.method.rate
    return values(spec, {name: spec.optimizer.params[name]})


def details(spec: RunSpec, language: str) -> str:
    """Batches, data and loss."""
    size, rows = spec.batch.size, len(spec.dataset)
    if size == "all" or (size == rows and spec.batch.order != "random"):
        batches = say(language, "picture.batch.all", count=count(rows))
    else:
        order = label(language, "orders", spec.batch.order)
        key = "picture.batch.one" if size == 1 else "picture.batch.some"
        batches = say(language, key, size=size, count=count(rows), order=order)
    names = (("datasets", spec.dataset.name), ("losses", spec.loss))
    return " · ".join([batches, *(label(language, group, name) for group, name in names)])
