"""Where things are in pictures of any size and shape."""

from app.exports.drawing.canvas import Box

SMALLEST = 0.7  # pixels to a unit: text of 12 units must be read
NARROW = 860.0  # units; where numbers and a sentence do not fit in one line
TOP, EDGE, GAP = 48.0, 10.0, 8.0


def unit_of(width: int, height: int) -> float:
    """How many pixels a unit has: one in a picture of 960×540, or of 540×800."""
    usual = (960, 540) if _wide(width, height) else (540, 800)
    return max(min(width / usual[0], height / usual[1]), SMALLEST)


def layout(width: float, height: float) -> dict[str, Box]:
    """The panels: in a wide picture the bowl to the right of the others, in a high one above them."""
    bottom = 34.0 if width >= NARROW else 56.0
    inner = Box(EDGE, TOP, width - 2 * EDGE, height - TOP - bottom)
    if _wide(width, height):
        left = round(0.4 * (inner.width - GAP))
        upper = round(0.55 * (inner.height - GAP))
        return {
            "beans": Box(inner.x, TOP, left, upper),
            "loss": Box(inner.x, TOP + upper + GAP, left, inner.height - GAP - upper),
            "bowl": Box(inner.x + left + GAP, TOP, inner.width - GAP - left, inner.height),
        }
    upper = round(0.64 * (inner.height - GAP))
    left = round(0.5 * (inner.width - GAP))
    below = TOP + upper + GAP
    return {
        "bowl": Box(inner.x, TOP, inner.width, upper),
        "beans": Box(inner.x, below, left, inner.height - GAP - upper),
        "loss": Box(inner.x + left + GAP, below, inner.width - GAP - left, inner.height - GAP - upper),
    }


def _wide(width: float, height: float) -> bool:
    return width > 1.2 * height
