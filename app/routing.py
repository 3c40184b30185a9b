"""Routes beside those of FastAPI."""

from starlette.routing import Match, Route
from starlette.types import Scope


class NamedRoute(Route):
    """A route that is named in the scope of its requests, as FastAPI's own are."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether it is the one that is asked for, and what that adds to the scope."""
        match, child = super().matches(scope)
        return match, child if match == Match.NONE else {**child, "route": self}
