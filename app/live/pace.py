"""How many rows to ask for at once, learnt from how long the last ones took."""

from dataclasses import dataclass

BUDGET = 0.020  # seconds of computing that one frame is worth
QUICK = 0.002  # seconds for which the event loop may be held up


@dataclass(slots=True)
class Pace:
    """`rows` may be asked for at once; a row takes about `seconds_per_row`."""

    rows: int = 512
    seconds_per_row: float = 5e-5

    def quick(self, rows: int) -> bool:
        """Whether so many rows are computed soon enough to do it right here."""
        return rows * self.seconds_per_row <= QUICK

    def took(self, rows: int, seconds: float) -> None:
        """Learn from rows that were computed."""
        self.seconds_per_row = seconds / rows
        if seconds > BUDGET:
            self.rows = max(1, int(rows * BUDGET / seconds))
        elif rows >= self.rows and seconds < BUDGET / 2:
            self.rows = 2 * rows
