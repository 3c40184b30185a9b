"""The lab, its files, the documentation: what they are, how they are cached, and how they are secured."""

import gzip
import json
import re
from pathlib import Path

import httpx2
import pytest

from app.headers import SECURITY_HEADERS
from app.locales import words
from app.resources import Resource, Tree, folder, package_file

IMMUTABLE = "public, max-age=31536000, immutable"


def raw(client: httpx2.Client, address: str, **headers: str) -> tuple[httpx2.Response, bytes]:
    """An answer, and its body as it came over the wire."""
    with client.stream("GET", address, headers=headers) as answer:
        return answer, b"".join(answer.iter_raw())


def page_of(client: httpx2.Client) -> str:
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    ("options", "language"),
    [
        ({}, "en"),
        ({"params": {"lang": "zh"}}, "zh"),
        ({"headers": {"Cookie": "lang=zh"}}, "zh"),
        ({"headers": {"Accept-Language": "zh-CN,zh;q=0.9"}}, "zh"),
        ({"params": {"lang": "en"}, "headers": {"Cookie": "lang=zh"}}, "en"),
        ({"headers": {"Cookie": "lang=en", "Accept-Language": "zh"}}, "en"),
        ({"params": {"lang": "xx"}}, "en"),
    ],
)
def test_the_lab_comes_in_the_readers_language(rest: httpx2.Client, options: dict[str, object], language: str) -> None:
    answer = rest.get("/", **options)  # type: ignore[arg-type]
    assert re.search(rf'<html lang="{language}', answer.text)
    assert answer.headers["content-language"] == language
    assert answer.headers["cache-control"] == "no-cache"


def test_words_and_catalogue_are_embedded(rest: httpx2.Client) -> None:
    page = page_of(rest)
    [embedded] = re.findall(r'<script[^>]*id="words"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert json.loads(embedded) == dict(words("en"))
    [catalog] = re.findall(r'<script[^>]*id="catalog"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert json.loads(catalog) == rest.get("/api/catalog").json()


def test_the_page_is_not_sent_twice(rest: httpx2.Client) -> None:
    tag = rest.get("/").headers["etag"]
    again = rest.get("/", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert rest.get("/?lang=zh", headers={"If-None-Match": tag}).status_code == 200


def test_files_of_the_page_are_cached_for_ever_under_their_hash(rest: httpx2.Client) -> None:
    [script] = re.findall(r'src="(/static/\w+/js/main\.js)"', page_of(rest))
    answer = rest.get(script)
    assert answer.headers["cache-control"] == IMMUTABLE
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.content == (folder("static") / "js" / "main.js").read_bytes()
    # Scripts import each other by relative addresses, which keep the hash.
    for name in re.findall(r'from "\./([\w/.]+)"', answer.text):
        assert rest.get(script.replace("main.js", name)).status_code == 200


@pytest.mark.parametrize("path", ["../app/main.py", "..%2fapp%2fmain.py", "js/../../app/main.py", "/etc/passwd", ""])
def test_only_files_of_the_page_are_served(rest: httpx2.Client, path: str) -> None:
    [found] = set(re.findall(r"/static/(\w+)/js/main\.js", page_of(rest)))
    assert rest.get(f"/static/{found}/{path}").status_code == 404


def test_plotly_is_compressed_and_cached_for_ever(rest: httpx2.Client) -> None:
    [address] = set(re.findall(r"/static/plotly-\w+\.min\.js", page_of(rest)))
    answer, body = raw(rest, address, **{"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == IMMUTABLE
    assert len(body) < 1_600_000
    plotly = package_file("plotly", "package_data/plotly.min.js").read_bytes()
    assert gzip.decompress(body) == plotly
    answer, body = raw(rest, address, **{"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in answer.headers
    assert body == plotly
    assert rest.get(address, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_answers_are_compressed_for_who_takes_it(rest: httpx2.Client) -> None:
    answer, body = raw(rest, "/api/catalog", **{"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(body)) == rest.get("/api/catalog").json()
    answer, _ = raw(rest, "/healthz", **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize("address", ["/", "/nothing", "/healthz", "/api/catalog", "/api/runs", "/docs", "/static/x/y"])
def test_every_answer_is_secured(rest: httpx2.Client, address: str) -> None:
    headers = rest.get(address).headers
    for name, value in SECURITY_HEADERS.items():
        assert headers[name] == value
    assert "cache-control" in headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["script-src"] == policy["default-src"] == policy["connect-src"] == "'self'"


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(("lang", "said"), [("en", "There is no such page"), ("zh", "没有这个页面")])
def test_a_person_at_a_wrong_address_is_shown_the_way(rest: httpx2.Client, lang: str, said: str) -> None:
    answer = rest.get("/labb", params={"lang": lang}, headers={"Accept": BROWSER})
    assert answer.status_code == 404
    assert said in answer.text
    assert '<a href="/">' in answer.text
    again = rest.get("/labb", headers={"Accept": BROWSER, "If-None-Match": answer.headers.get("etag", "*")})
    assert again.status_code == 404, "what is not there is never unchanged"


@pytest.mark.parametrize(("address", "accept"), [("/labb", "*/*"), ("/labb", "application/json"), ("/api/x", BROWSER)])
def test_a_script_at_a_wrong_address_gets_a_problem(rest: httpx2.Client, address: str, accept: str) -> None:
    answer = rest.get(address, headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_no_page_has_scripts_or_handlers_inside(rest: httpx2.Client) -> None:
    for address in ("/", "/docs"):
        page = rest.get(address).text
        for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL):
            assert 'type="application/json"' in attributes or not body.strip()
        assert not re.search(r"<[^>]+\son\w+=", page)


def test_docs_need_nothing_from_elsewhere(rest: httpx2.Client) -> None:
    page = rest.get("/docs").text
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert "//" not in "".join(addresses)
    for address in addresses:
        if not address.startswith("data:"):
            assert rest.get(address).status_code == 200, address
    assert rest.get("/openapi.json").json()["openapi"].startswith("3.1")


def test_healthz_says_the_version(rest: httpx2.Client) -> None:
    answer = rest.get("/healthz").json()
    assert answer["status"] == "ok"
    assert re.match(r"\d+\.\d+", answer["version"])


def test_a_changed_file_changes_the_hash(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text("1")
    (tmp_path / ".hidden").write_text("secret")
    tree = Tree(tmp_path).refresh()
    first = tree.hash
    assert tree.refresh().hash == first
    assert tree.get(".hidden") is None
    (tmp_path / "js" / "a.js").write_text("22")
    assert tree.refresh().hash != first
    found = tree.get("js/a.js")
    assert found == Resource(b"22", "text/javascript")


def test_a_package_that_is_missing_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no_such_package"):
        package_file("no_such_package", "x")
