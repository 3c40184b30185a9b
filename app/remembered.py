"""Answers kept for those who ask the same again: a run is a value, so what was computed once stays true."""

from collections import OrderedDict

Question = tuple[str | bytes, ...]

_OVERHEAD = 500  # bytes of an entry beside its texts


class Remembered:
    """The answers asked for last, `most_bytes` with their questions; one that takes a hundredth of that is not kept."""

    def __init__(self, most_bytes: int) -> None:
        self._free = most_bytes
        self._largest = most_bytes // 100
        self._answers: OrderedDict[Question, bytes] = OrderedDict()

    def find(self, question: Question) -> bytes | None:
        """The answer to a question that was answered lately, else None."""
        answer = self._answers.get(question)
        if answer is not None:
            self._answers.move_to_end(question)
        return answer

    def keep(self, question: Question, answer: bytes) -> None:
        """Keep an answer; those that were not asked for the longest give way."""
        size = _size(question, answer)
        if size > self._largest or question in self._answers:
            return
        self._answers[question] = answer
        self._free -= size
        while self._free < 0:
            self._free += _size(*self._answers.popitem(last=False))


def _size(question: Question, answer: bytes) -> int:
    """About the bytes that both take."""
    return _OVERHEAD + sum(map(len, question)) + len(answer)
