"""The exported film in the browser that people open it with."""

from pathlib import Path

import pytest

from app import exports
from app.exports import Options
from engine import RunSpec
from tests.browser.conftest import NewPage

WIDTH, HEIGHT, SECONDS = 480, 270, 2


def test_an_mp4_plays(new_page: NewPage, tmp_path: Path) -> None:
    options = Options(width=WIDTH, height=HEIGHT, seconds=SECONDS, frames=20)
    (tmp_path / "run.mp4").write_bytes(exports.export(RunSpec.from_dict({"steps": 200}), "mp4", options))
    film = tmp_path / "film.html"
    film.write_text('<!doctype html><link rel="icon" href="data:,"><video src="run.mp4" muted></video>')
    page = new_page(base_url=film.as_uri(), own=True)
    page.goto(film.as_uri())
    codec = 'video/mp4; codecs="avc1.640028"'
    if not page.evaluate("codec => document.createElement('video').canPlayType(codec)", codec):
        pytest.skip("this Chromium was built without H.264")
    video = page.locator("video")
    page.wait_for_function("() => document.querySelector('video').readyState === HTMLMediaElement.HAVE_ENOUGH_DATA")
    assert video.evaluate("film => [film.videoWidth, film.videoHeight]") == [WIDTH, HEIGHT]
    # The last step stays on the screen for two seconds more.
    assert video.evaluate("film => film.duration") == pytest.approx(SECONDS + 2, abs=0.1)
    assert video.evaluate("film => { film.currentTime = film.duration - 0.2; return film.play().then(() => true); }")
    page.wait_for_function("() => document.querySelector('video').ended")
    assert video.evaluate("film => film.error") is None
