"""What Prometheus reads of a server: as text in its format, with addresses by their routes."""

import sys
from collections.abc import Callable

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from tests.app.viewer import Viewer
from tests.servers import Server

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def samples(server: Server) -> Samples:
    answer = httpx2.get(f"{server.url}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    families = text_string_to_metric_families(answer.text)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def count(found: Samples, method: str, route: str, status: int) -> float:
    labels = {"method": method, "route": route, "status": str(status)}
    return found.get(("beanbowl_answers_total", frozenset(labels.items())), 0.0)


def test_answers_are_counted_by_their_route(start_server: Callable[..., Server]) -> None:
    server = start_server()
    before = samples(server)
    for steps in (1, 2, 3):
        httpx2.post(f"{server.url}/api/runs", json={"steps": steps})
    httpx2.post(f"{server.url}/api/runs", json={"steps": -1})
    for number in range(4):
        httpx2.request(f"MADE-UP{number}", f"{server.url}/")
        httpx2.get(f"{server.url}/nowhere/{number}")
        httpx2.get(f"{server.url}/api/sweeps/{number}")
    page = httpx2.get(f"{server.url}/").text
    asset = page.split('<script src="')[1].split('"')[0]
    assert httpx2.get(server.url + asset).status_code == 200
    found = samples(server)
    assert count(found, "POST", "/api/runs", 200) - count(before, "POST", "/api/runs", 200) == 3
    assert count(found, "POST", "/api/runs", 422) == 1
    assert count(found, "GET", "none", 404) == 8
    assert count(found, "GET", "/static/{hash}/{path:path}", 200) == 1
    assert count(found, "GET", "/metrics", 200) >= 1
    seconds = ("beanbowl_answer_seconds_count", frozenset({("route", "/api/runs")}))
    assert found[seconds] == 4
    methods = {dict(labels).get("method") for name, labels in found if name == "beanbowl_answers_total"}
    assert methods <= {"GET", "POST", "other"}
    routes = {dict(labels).get("route") for name, labels in found if name == "beanbowl_answers_total"}
    assert routes <= {"/", "/api/runs", "/healthz", "/metrics", "/static/{hash}/{path:path}", "none"}


def test_live_sessions_and_memory_are_told(start_server: Callable[..., Server]) -> None:
    server = start_server()
    live = ("beanbowl_live_sessions", frozenset[tuple[str, str]]())
    assert samples(server)[live] == 0
    with Viewer(server.live_url), Viewer(server.live_url):
        found = samples(server)
    assert found[live] == 2
    if sys.platform == "linux":
        assert found["process_resident_memory_bytes", frozenset[tuple[str, str]]()] > 1e7
