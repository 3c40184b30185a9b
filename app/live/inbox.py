"""The commands that have arrived and are not done yet: a bounded queue that wakes whoever waits for the next one."""

import asyncio
from collections import deque
from collections.abc import Callable
from math import inf

from app.live.messages import Ack, Command
from engine import Problem

MOST_WAITING = 64

Arrival = Command | tuple[Problem, ...]  # or what is wrong with a message that is no command


class Inbox:
    """One task puts, one takes. A full inbox makes the putting task wait, and so the network, and so the sender."""

    def __init__(self) -> None:
        self._arrivals: deque[Arrival] = deque()
        self._arrived = asyncio.Event()
        self._room = asyncio.Event()

    async def put(self, arrival: Arrival) -> None:
        """Add at the end, as soon as there is room."""
        while len(self._arrivals) >= MOST_WAITING:
            self._room.clear()
            await self._room.wait()
        self._arrivals.append(arrival)
        self._arrived.set()

    def nudge(self) -> None:
        """Wake who waits: something has changed that is no command."""
        self._arrived.set()

    @property
    def first(self) -> Arrival | None:
        """What is next, left where it is."""
        return self._arrivals[0] if self._arrivals else None

    def take(self, accepts: Callable[[Arrival], bool]) -> Arrival | None:
        """What is next if it can be accepted now; acknowledgements overtake what cannot."""
        # What comes from here on wakes who will wait, however much is done before that.
        self._arrived.clear()
        for index, arrival in enumerate(self._arrivals):
            if isinstance(arrival, Ack) or (index == 0 and accepts(arrival)):
                del self._arrivals[index]
                self._room.set()
                return arrival
        return None

    async def wait(self, until: float) -> None:
        """Return at that time of the loop's clock, or when something has arrived since the last `take`."""
        loop = asyncio.get_running_loop()
        if until <= loop.time():
            # Others must have their turn even if we are never idle.
            await asyncio.sleep(0)
            return
        timer = None if until == inf else loop.call_at(until, self._arrived.set)
        try:
            await self._arrived.wait()
        finally:
            if timer is not None:
                timer.cancel()
