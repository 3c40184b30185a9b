"""A progress bar on standard error, for people: nothing is written where nobody looks."""

import sys
from time import monotonic

WIDTH = 30
EVERY = 0.1  # seconds between drawings
EIGHTHS = " ▏▎▍▌▋▊▉"


class Bar:
    """One line that is drawn over and over. Quiet where standard error is no terminal."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._shown = sys.stderr.isatty()
        self._drawn = 0.0
        self._began = monotonic()

    def show(self, done: int, total: int, seconds_left: float | None = None, note: str = "") -> None:
        """Say how far things are."""
        now = monotonic()
        if not self._shown or (now - self._drawn < EVERY and done < total):
            return
        self._drawn = now
        share = done / total if total else 1.0
        if seconds_left is None and 0 < share < 1 and now - self._began > 1:
            seconds_left = (now - self._began) * (1 - share) / share
        left = f", {duration(seconds_left)} left" if seconds_left is not None and done < total else ""
        said = note or f"{spaced(done)} of {spaced(total)} {self._unit}{left}"
        print(f"\r\x1b[K{drawing(share)} {share:4.0%}  {said}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Clear the line."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def drawing(share: float) -> str:
    """The bar itself, in eighths of a character."""
    eighths = int(min(max(share, 0.0), 1.0) * WIDTH * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (EIGHTHS[rest] if full < WIDTH else "")).ljust(WIDTH)


def spaced(number: int) -> str:
    """A count in groups of three digits."""
    return f"{number:,}".replace(",", "\u202f")


def duration(seconds: float) -> str:
    """Some seconds as a person says them."""
    whole = max(1, round(seconds))
    if whole < 100:
        return f"{whole} s"
    minutes = round(whole / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02d} min"
