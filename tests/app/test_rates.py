"""How often one client may have something computed."""

from collections.abc import Callable

import httpx2

from app.rates import BURST, MOST_CLIENTS, Buckets
from tests.servers import Server


def test_a_bucket_empties_and_fills() -> None:
    buckets = Buckets(2.0)
    assert [buckets.take("a", 0.0) for _ in range(int(2 * BURST))] == [0.0] * int(2 * BURST)
    assert buckets.take("a", 0.0) == 0.5
    assert buckets.take("b", 0.0) == 0.0, "clients have buckets of their own"
    assert buckets.take("a", 0.25) == 0.25, "being refused costs nothing"
    assert buckets.take("a", 0.5) == 0.0
    assert [buckets.take("a", 1e6) for _ in range(int(2 * BURST))] == [0.0] * int(2 * BURST), "it never overflows"
    assert buckets.take("a", 1e6) > 0


def test_a_slow_rate_lets_one_request_through() -> None:
    buckets = Buckets(0.01)
    assert buckets.take("a", 0.0) == 0.0
    assert buckets.take("a", 0.0) == 100.0


def test_clients_are_forgotten_in_the_end() -> None:
    buckets = Buckets(0.01)
    for number in range(2 * MOST_CLIENTS):
        buckets.take(str(number), 0.0)
    assert len(buckets._levels) == MOST_CLIENTS


def test_a_client_in_a_hurry_is_asked_to_wait(start_server: Callable[..., Server]) -> None:
    server = start_server(client_rate=0.2)
    with httpx2.Client(base_url=server.url, timeout=30) as rest:
        assert [rest.post("/api/runs", json={"steps": 1}).status_code for _ in range(3)] == [200, 200, 429]
        answer = rest.post("/api/sweeps?lang=zh", json={"vary": {"seed": [1]}})
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 5
        assert answer.headers["content-type"] == "application/problem+json"
        assert "每秒最多 0.2" in answer.json()["detail"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert rest.get("/api/catalog").status_code == 200, "what is only read does not count"
