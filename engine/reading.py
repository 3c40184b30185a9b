"""Reading nested input so that everything wrong with it is said at once, each with its path."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from engine.messages import Problem, SpecError, brief, fail
from engine.registry import ParamSpec, Registry

T = TypeVar("T")

MOST_PROBLEMS = 20


class Reader:
    """Collects problems while fields are read; `finish` raises them together."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, error: SpecError) -> None:
        """Remember what `error` says."""
        self.problems.extend(error.problems)

    def attempt(self, read: Callable[[], T]) -> T | None:
        """What `read` gives, or None with its problems remembered."""
        try:
            return read()
        except SpecError as error:
            self.add(error)
            return None

    def object(self, value: object, path: str, keys: tuple[str, ...]) -> Mapping[str, Any]:
        """`value` as an object that has none but these keys; a null counts as an empty one."""
        if value is None and path:
            return {}
        if not isinstance(value, dict | Mapping):
            self.add(fail(path, "expected-object", got=brief(value)))
            return {}
        for key in value:
            if key not in keys:
                where = f"{path}.{str(key)[:40]}" if path else str(key)[:40]
                self.add(fail(where, "unknown-key", expected=", ".join(keys) or "none"))
        return value

    def name(self, registry: Registry[Any], fields: Mapping[str, Any], key: str, path: str, default: str) -> str | None:
        """The name in the field `key`, one of a registry's; the default where it is absent, None if it is none."""
        value = fields.get(key, default)
        if type(value) is str and value in registry:
            return value
        return self.attempt(lambda: registry.read(value, path))

    def number(self, fields: Mapping[str, Any], key: str, path: str, parameter: ParamSpec) -> float:
        """The field `key`, validated by `parameter`; its default where it is absent."""
        if key not in fields:
            return parameter.default
        try:
            return parameter.read(fields[key], f"{path}.{key}" if path else key)
        except SpecError as error:
            self.add(error)
            return parameter.default

    def finish(self) -> None:
        """Raise all that was found, the first few of very many."""
        if self.problems:
            raise SpecError(*self.problems[:MOST_PROBLEMS])
