"""What holds a playing session to its speed: steps that time has earned, and frames that nobody has drawn yet."""

from collections import deque

MOST_DEBT = 0.25  # seconds of steps that are made up for after a delay
MOST_IN_FLIGHT = 4  # frames that have not been acknowledged
NEVER = float("inf")


class Credit:
    """Steps that are due: a second earns `speed` of them, and no more than some are saved up."""

    def __init__(self, speed: float, tick: float) -> None:
        self.speed = speed
        self._saving = max(MOST_DEBT, 2 * tick)
        self._amount = 0.0
        self._counted = 0.0

    def restart(self, now: float) -> None:
        """Begin to earn, from nothing."""
        self._amount, self._counted = 0.0, now

    def due(self, now: float) -> int:
        """Whole steps that are due."""
        most = 1 + self._saving * self.speed
        self._amount = min(most, self._amount + max(0.0, now - self._counted) * self.speed)
        self._counted = now
        # At the very time of `next`, rounding must not make it wait for another.
        return int(self._amount + 1e-9)

    def spend(self, steps: int) -> None:
        """Some of them have been done."""
        self._amount = max(0.0, self._amount - steps)

    @property
    def next(self) -> float:
        """When the next whole step is due."""
        return self._counted + max(0.0, 1.0 - self._amount) / self.speed


class Flight:
    """Frames that were sent and not acknowledged, by their last steps. `gated`: whether they are counted at all."""

    def __init__(self, patience: float, *, gated: bool) -> None:
        self._patience = patience
        self._gated = gated
        self._frames: deque[tuple[int, int]] = deque()
        self._since = NEVER

    def clear(self) -> None:
        """What was sent so far no longer matters: the session stands elsewhere."""
        self._frames.clear()

    def sent(self, first: int, last: int, now: float) -> None:
        """A frame with rows first … last has been sent."""
        if self._gated:
            self._frames.append((first, last))
            self._since = now

    def acked(self, step: int) -> None:
        """All is drawn up to `step`. A step that is nowhere in flight is an old one, and tells nothing."""
        holding = [index for index, (first, last) in enumerate(self._frames) if first <= step <= last]
        if holding:
            drawn = holding[-1] + (self._frames[holding[-1]][1] == step)
            for _ in range(drawn):
                self._frames.popleft()

    @property
    def full(self) -> bool:
        """Whether no more may be sent."""
        return len(self._frames) >= MOST_IN_FLIGHT

    @property
    def deadline(self) -> float:
        """Until when the next acknowledgement must come, if one must."""
        return self._since + self._patience if self.full else NEVER
