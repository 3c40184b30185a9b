"""The colours of the pictures: those of the page, read from its style sheet."""

import re
from collections.abc import Mapping
from functools import cache

from app import resources

SURFACE = tuple(f"surface-{stop}" for stop in range(5))  # from the valley to the rim
# What else a picture is drawn in: a film has few colours, and none to spare for what only the page shows.
LINES = (
    *("paper", "panel", "hairline", "grid", "ink", "muted", "accent", "warn"),
    *("bean", "line", "path", "ball", "optimum"),
)


@cache
def colours(theme: str) -> Mapping[str, str]:
    """The colours of a theme that pictures are drawn in, hexadecimal, by name."""
    sheet = (resources.folder("static") / "css" / "theme.css").read_text(encoding="utf-8")
    light = _block(sheet, ":root")
    tokens = light if theme == "light" else light | _block(sheet, f':root[data-theme="{theme}"]')
    return {name: tokens[name] for name in (*LINES, *SURFACE)}


def _block(sheet: str, selector: str) -> dict[str, str]:
    """The colours that the first rule of exactly this selector sets."""
    rule = re.search(rf"^{re.escape(selector)} \{{(.*?)\}}", sheet, flags=re.MULTILINE | re.DOTALL)
    assert rule is not None, f"theme.css has no rule for {selector}"
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", rule[1]))
