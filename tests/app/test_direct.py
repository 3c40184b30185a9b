"""The straight way to runs answers as the application within does: every header and every byte."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from app import direct, main
from app.main import create_app
from app.settings import Settings

JSON = {"content-type": "application/json"}
ASKED: dict[str, dict[str, Any]] = {
    "a run": {"content": b'{"steps": 40}'},
    "the ends": {"content": b'{"steps": 40}', "params": {"trajectory": "false"}},
    "compressed": {"content": b'{"steps": 400}', "headers": {"accept-encoding": "gzip"}},
    "not compressed": {"content": b'{"steps": 400}', "headers": {"accept-encoding": "gzip;q=0"}},
    "too small to compress": {"content": b'{"steps": 1}', "headers": {"accept-encoding": "gzip", "accept": "text/csv"}},
    "many rows": {"content": b'{"steps": 20000}', "headers": {"accept": "text/csv"}},
    "Chinese": {"content": b'{"steps": 40}', "headers": {"accept-language": "zh-CN"}},
    "a wrong value": {"content": b'{"steps": -1}'},
    "a wrong query": {"content": b"{}", "params": {"every": "0"}},
    "no JSON": {"content": b"{"},
    "another type": {"content": b"{}", "headers": {"content-type": "text/plain"}},
    "a body that is compressed": {"content": b"{}", "headers": {"content-encoding": "gzip"}},
    "no form that there is": {"content": b"{}", "headers": {"accept": "image/png"}},
    "too many steps": {"content": b'{"steps": 100000000}'},
    "too long": {"content": b" " * 9_000_000},
}


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[TestClient, TestClient]]:
    """The application as it is, and one in which nothing goes the straight way."""

    class Around(direct.Direct):
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await self.app(scope, receive, send)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main, "Direct", Around)
        around = create_app(Settings())
    with TestClient(create_app(Settings())) as straight, TestClient(around) as other:
        yield straight, other


def told(answer: httpx2.Response) -> dict[str, str]:
    """The headers, the parts of `vary` in any order."""
    headers = {name: value for name, value in answer.headers.items() if name != "date"}
    return headers | {"vary": ", ".join(sorted(headers.get("vary", "").split(", ")))}


@pytest.mark.parametrize("name", ASKED)
def test_the_answers_are_the_same(both: tuple[TestClient, TestClient], name: str) -> None:
    asked = {**ASKED[name], "headers": JSON | ASKED[name].get("headers", {})}
    straight, around = (client.post("/api/runs", **asked) for client in both)
    assert straight.status_code == around.status_code
    assert straight.content == around.content
    ours, theirs = told(straight), told(around)
    if len(straight.content) < 1000:
        # A small answer says, too, that its like might have been compressed.
        ours["vary"] = ours["vary"].replace("Accept-Encoding, ", "")
    assert ours == theirs


def test_other_methods_and_paths_go_on_to_the_application(both: tuple[TestClient, TestClient]) -> None:
    straight, _ = both
    assert straight.get("/api/runs").status_code == 405
    assert straight.get("/healthz").status_code == 200
    assert straight.post("/api/runs/", json={}).status_code == 404
