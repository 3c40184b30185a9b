"""Pictures and films, opened by their own readers; what is on them is for people to look at (build/exports)."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from matplotlib.ft2font import FT2Font
from PIL import Image, ImageSequence
from pylopdf_fonts_zh_cn import sans_path

from app import exports
from app.exports import FORMATS, Options
from app.exports.drawing import story
from app.exports.drawing.canvas import Pixels
from app.exports.drawing.numbers import significant
from app.exports.drawing.scene import Scene
from app.exports.progress import silent
from app.exports.words import words
from engine import RunSpec, SpecError
from tests.codebase.sources import ROOT
from tests.specs import random_spec

PICTURES = Path("build/exports")
LONG = {"steps": 10_000}
CHANGED = {
    "batch": {"size": "all"},
    "optimizer": {"learning_rate": 0.02},
    "steps": 300,
    "changes": [{"step": 140, "optimizer": {"learning_rate": 0.6}}],
}
DIVERGING = {"batch": {"size": "all"}, "optimizer": {"learning_rate": 0.9}, "steps": 400}
ONE = {"model": "proportional", "dataset": {"name": "proportional-beans"}, "steps": 150}
SMALL = Options(width=640, height=360)


def made(content: dict[str, Any], name: str, **options: Any) -> bytes:
    """A file, kept for people to look at."""
    file = exports.export(RunSpec.from_dict(content), name, FORMATS[name].read(options))
    PICTURES.mkdir(parents=True, exist_ok=True)
    words = [content.get("model", "line"), content["steps"], *options.values()]
    (PICTURES / f"{'-'.join(map(str, words))}.{name}").write_bytes(file)
    return file


def drawn(content: dict[str, Any], options: Options) -> list[Pixels]:
    """The frames of a film before they are written."""
    told = story.tell(RunSpec.from_dict(content), silent)
    steps = story.frames(told, options.frames)
    scene = Scene(told, steps, options)
    return [scene.frame(step) for step in steps.tolist()]


def apart(left: Any, right: Any) -> float:
    """How far two pictures differ, in the mean over all pixels."""
    return float(np.abs(np.asarray(left, dtype=float) - np.asarray(right, dtype=float)).mean())


def texts(content: dict[str, Any], step: int, most: int, options: Options = SMALL, until: int | None = None) -> str:
    """All that is written on the picture of a step."""
    told = story.tell(RunSpec.from_dict(content), silent, until)
    scene = Scene(told, story.frames(told, most), options)
    scene.frame(step)
    return "\n".join(text.get_text() for axes in scene.canvas.figure.axes for text in axes.texts)


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_png_is_a_picture_of_its_size(theme: str, lang: str) -> None:
    size = {} if (theme, lang) == ("light", "en") else {"width": 800, "height": 450}
    picture = Image.open(io.BytesIO(made(CHANGED if theme == "light" else ONE, "png", theme=theme, lang=lang, **size)))
    assert (picture.format, picture.mode) == ("PNG", "RGB")
    assert picture.size == ((800, 450) if size else (1600, 900))
    assert len(picture.getcolors(2**24) or []) > 500
    assert (np.asarray(picture)[5, 5].mean() > 128) == (theme != "dark")


def test_a_png_shows_the_step_that_is_asked_for() -> None:
    first, last = (made(CHANGED, "png", at=at, width=640, height=360) for at in (5, -1))
    assert first != last == made(CHANGED, "png", at=300, width=640, height=360)
    assert "step 5 of 300" in texts(CHANGED, 5, 400)
    said = texts(CHANGED, 5, 400, until=5)
    assert "step 5 of 300" in said
    assert "Step 5 of 300: loss" in said
    assert "step 44 of 44" in texts(DIVERGING, 44, 400, until=60)


def test_a_gif_shows_what_was_drawn() -> None:
    file = made(LONG, "gif")
    film = Image.open(io.BytesIO(file))
    assert (film.format, film.size, film.info["loop"]) == ("GIF", (960, 540), 0)
    assert len(file) <= 5_000_000
    frames = [frame.convert("RGB") for frame in ImageSequence.Iterator(film)]
    durations = [frame.info["duration"] for frame in ImageSequence.Iterator(Image.open(io.BytesIO(file)))]
    assert 80 <= len(frames) <= 100
    assert sum(durations[:-1]) + durations[0] == pytest.approx(8_000, rel=0.15)
    assert durations[-1] == durations[0] + 2_000
    originals = drawn(LONG, Options())
    assert len(originals) == len(frames)
    assert max(apart(*pair) for pair in zip(frames, originals, strict=True)) < 1.0


def test_an_mp4_is_a_film_for_every_browser() -> None:
    file = made(LONG, "mp4", frames=60, seconds=4, width=641, height=361)
    with av.open(io.BytesIO(file), "r") as film:
        [video] = film.streams.video
        assert len(film.streams) == 1
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height, float(video.average_rate or 0)) == (640, 360, 30.0)
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video)]
    assert len(frames) == pytest.approx(6 * 30, abs=2)
    assert file.index(b"moov") < file.index(b"mdat"), "it plays before all of it is there"
    originals = drawn(LONG, Options(width=640, height=360, frames=60))
    assert apart(frames[0], originals[0]) < 2.5
    assert apart(frames[-1], originals[-1]) < 2.5


@pytest.mark.parametrize(("name", "most"), [("gif", 120_000), ("gif", 30_000), ("mp4", 60_000), ("png", 60_000)])
def test_a_file_is_no_larger_than_it_may_be(name: str, most: int) -> None:
    # Left to itself, each of them would be larger.
    short = {"gif": {"frames": 24}, "mp4": {"frames": 24, "seconds": 3}, "png": {}}
    file = made(CHANGED, name, max_bytes=most, **short[name])
    assert most / 5 < len(file) <= most
    if name == "mp4":
        with av.open(io.BytesIO(file), "r") as film:
            assert film.streams.video[0].width >= 240
    else:
        assert min(Image.open(io.BytesIO(file)).size) >= 240


@pytest.mark.parametrize("name", ["gif", "png", "mp4"])
def test_what_cannot_be_so_small_is_said(name: str) -> None:
    with pytest.raises(SpecError, match=r"^max_bytes: no file as small as 1000 bytes can be made"):
        exports.export(RunSpec.from_dict(CHANGED), name, Options(max_bytes=1000, frames=10))


def test_frames_are_where_things_happen() -> None:
    told = story.tell(RunSpec.from_dict(CHANGED | {"steps": 10_000}), silent)
    steps = story.frames(told, 80)
    assert len(steps) <= 80
    assert (steps[0], steps[-1]) == (0, 10_000)
    assert (np.diff(steps) > 0).all()
    assert (steps < 100).sum() > 20
    assert ((steps > 140) & (steps < 200)).sum() > 5, "the change moved the ball again"
    assert story.frames(story.tell(RunSpec.from_dict({"steps": 50}), silent), 80).tolist() == list(range(51))


def test_a_film_tells_what_it_shows() -> None:
    said = texts(CHANGED, 200, 80)
    told = story.tell(RunSpec.from_dict(CHANGED), silent)
    assert "of 300 steps shown" in said
    assert "a = 0.6" in said, "the rate in force, and the mark of the change"
    assert "step 200 of 300" in said
    for name in ("w", "b", "loss"):
        assert f"{name} = {significant(float(told.trajectory.column(name)[200]))}" in said
    assert "steps shown" not in texts({"steps": 20}, 20, 80)


@pytest.mark.parametrize(("lang", "sentence"), [("en", "Diverged at step 44: 0.90 > 0.756"), ("zh", "在第 44 步发散")])
def test_a_diverged_film_ends_with_the_sentence(lang: str, sentence: str) -> None:
    assert sentence in texts(DIVERGING, 44, 80, Options(lang=lang))
    frames = drawn(DIVERGING, Options(lang=lang))
    corner = np.s_[515:, 520:]
    assert apart(frames[-2][corner], frames[-3][corner]) == 0
    assert apart(frames[-1][corner], frames[-2][corner]) > 1


@pytest.mark.parametrize(("width", "height"), [(400, 300), (400, 400), (540, 960), (1920, 1080)])
def test_every_size_and_shape_can_be_drawn(width: int, height: int) -> None:
    [*_, last] = drawn({"steps": 30}, Options(width=width, height=height, frames=2))
    assert last.shape == (height, width, 3)


ODD: list[dict[str, Any]] = [
    {"dataset": {"name": "points", "x": [0, 0], "y": [0, 0]}, "steps": 5},
    {"dataset": {"name": "points", "x": [3, 3, 3], "y": [1, 2, 3]}, "steps": 200},
    {"dataset": {"name": "points", "x": [1e12, -1e12], "y": [1e12, 1e12]}, "steps": 50},
    {"dataset": {"name": "points", "x": [1e-12, 2e-12], "y": [1e-12, 1e-12]}, "steps": 50},
    {"dataset": {"name": "points", "x": [0], "y": [0]}, "model": "proportional", "steps": 1},
    {"start": {"w": 1e6, "b": -1e6}, "steps": 300},
    {"steps": 0},
]


@pytest.mark.parametrize("content", [*ODD, *map(random_spec, range(12))], ids=lambda content: str(content)[:60])
def test_every_run_can_be_drawn(content: dict[str, Any]) -> None:
    assert drawn(content, Options(lang="zh", width=640, height=360, frames=3))


def test_every_chinese_character_is_in_the_typeface() -> None:
    known = FT2Font(str(sans_path())).get_charmap()
    shown = "".join(text for key, text in words("zh").items() if not key.startswith("script."))
    assert {letter for letter in shown if ord(letter) > 0x2E80} - {chr(code) for code in known} == set()


def test_chinese_is_drawn_where_the_system_has_no_typeface(tmp_path: Path) -> None:
    script = f"""
import sys, matplotlib.font_manager
sys.path.insert(0, {str(ROOT)!r})
matplotlib.font_manager.fontManager.ttflist = [
    entry for entry in matplotlib.font_manager.fontManager.ttflist if "mpl-data" in entry.fname
]
from app import exports
from engine import RunSpec
sys.stdout.buffer.write(exports.export(RunSpec.from_dict({CHANGED!r}), "png", exports.Options(lang="zh")))
"""
    # A glyph that is missing is a warning.
    command = [sys.executable, "-W", "error", "-c", script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == exports.export(RunSpec.from_dict(CHANGED), "png", Options(lang="zh"))
