"""Answers kept for those who ask again: the same bytes, never more of them than allowed."""

from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from app.main import create_app
from app.remembered import Remembered
from app.settings import Settings

SPEC = {"steps": 30, "optimizer": {"name": "gradient-descent", "learning_rate": 0.2}}


def test_what_was_asked_last_is_found() -> None:
    remembered = Remembered(200_000)  # room for some eighty answers of a thousand bytes and more
    for i in range(1000):
        assert remembered.find((str(i),)) is None
        remembered.keep((str(i),), b"%d" % i + b" " * 1000)
        assert remembered.find(("0",)) == b"0" + b" " * 1000, "what is asked for stays"
    assert remembered.find(("999",)) is not None
    assert remembered.find(("500",)) is None


def test_what_is_too_large_is_not_kept() -> None:
    remembered = Remembered(100_000)
    remembered.keep(("small",), b"1")
    remembered.keep(("large",), b" " * 1001)
    assert (remembered.find(("small",)), remembered.find(("large",))) == (b"1", None)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3000)), max_size=200))
def test_it_never_holds_more_than_allowed(asked: list[tuple[int, int]]) -> None:
    remembered = Remembered(300_000 // 100)
    remembered._largest = 3000  # so that large ones push others out
    for name, size in asked:
        remembered.keep((str(name),), b" " * size)
        assert sum(len(answer) for answer in remembered._answers.values()) <= 3000


def test_the_same_run_asked_again_has_the_same_bytes() -> None:
    with TestClient(create_app(Settings())) as client, TestClient(create_app(Settings())) as other:
        asked = [
            (query, {"accept": form, "accept-language": language})
            for query in ("", "?every=7", "?trajectory=false")
            for form in ("application/json", "text/csv")
            for language in ("en", "zh")
        ]
        first = [client.post(f"/api/runs{query}", json=SPEC, headers=headers) for query, headers in asked]
        again = [client.post(f"/api/runs{query}", json=SPEC, headers=headers) for query, headers in asked]
        fresh = [other.post(f"/api/runs{query}", json=SPEC, headers=headers) for query, headers in asked]
    assert [each.content for each in first] == [each.content for each in again] == [each.content for each in fresh]
    assert [each.headers["content-type"] for each in first] == [each.headers["content-type"] for each in again]
    assert len({each.content for each in first if "json" in each.headers["content-type"]}) == 6
