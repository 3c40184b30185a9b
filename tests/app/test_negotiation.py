"""What a request prefers, by its headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import negotiation

LANGUAGES = ("en", "zh")
OFFERED = ("application/json", "text/csv")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("zh-Hans-CN;q=0.8, en;q=0.7", "zh"),
        ("fr, zh;q=0.5", "zh"),
        ("en, zh;q=0.9", "en"),
        ("zh;q=0", "en"),
        ("fr", "en"),
        ("ZH", "zh"),
        ("zhuang", "en"),
        ("zh;q=x", "en"),
        ("*", "en"),
    ],
)
def test_languages(header: str | None, language: str) -> None:
    assert negotiation.language(header, LANGUAGES) == language


@pytest.mark.parametrize(
    ("header", "gzip"),
    [(None, False), ("", False), ("gzip", True), ("br, gzip;q=0.1", True), ("gzip;q=0", False), ("*", True)],
)
def test_encodings(header: str | None, gzip: bool) -> None:
    assert negotiation.takes_gzip(header) == gzip


@pytest.mark.parametrize(
    ("header", "media_type"),
    [
        (None, "application/json"),
        (" ", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV; charset=utf-8", "text/csv"),
        ("text/csv;q=0.9,application/json;q=0.9", "application/json"),
        ("text/html", None),
        ("text/csv;q=0,*/*", "application/json"),
        (";;,,q=1", None),
    ],
)
def test_media_types(header: str | None, media_type: str | None) -> None:
    assert negotiation.media_type(header, OFFERED) == media_type


@given(st.text())
def test_any_header_is_borne(header: str) -> None:
    assert negotiation.media_type(header, OFFERED) in (*OFFERED, None)
    assert negotiation.language(header, LANGUAGES) in LANGUAGES
    assert negotiation.takes_gzip(header) in {True, False}
