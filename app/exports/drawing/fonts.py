"""The typeface of the pictures: Noto Sans SC, which comes with the extra, so that all systems show the same."""

from functools import cache

import pylopdf_fonts_zh_cn
from matplotlib.font_manager import FontEntry, fontManager

NAME = "Bean Bowl"  # a name of its own, lest a system's font of the same family be taken
# The second one comes with matplotlib and has what the first one lacks, like ŷ.
FAMILY = [NAME, "DejaVu Sans"]


@cache
def install() -> None:
    """Make the typeface known to matplotlib."""
    path = str(pylopdf_fonts_zh_cn.sans_path())
    fontManager.ttflist.append(
        FontEntry(
            fname=path, name=NAME, style="normal", variant="normal", weight=400, stretch="normal", size="scalable"
        )
    )
