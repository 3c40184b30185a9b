"""What was worked out about datasets, for whoever asks the same of them again."""

from collections.abc import Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from engine.datasets import Dataset

T = TypeVar("T")


class Memo(Generic[T]):
    """Things by dataset and key, `most` for each dataset: when there are more, all of its older ones give way.

    They are kept as long as the dataset lives, and so must not refer to it themselves.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: WeakKeyDictionary[Dataset, dict[Hashable, T]] = WeakKeyDictionary()

    def find(self, dataset: Dataset, key: Hashable) -> T | None:
        """What is kept under a key, else None."""
        known = self._known.get(dataset)
        return None if known is None else known.get(key)

    def keep(self, dataset: Dataset, key: Hashable, thing: T) -> None:
        """Keep a thing."""
        known = self._known.setdefault(dataset, {})
        if len(known) >= self._most:
            known.clear()
        known[key] = thing
