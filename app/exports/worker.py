"""A process that makes one file: `python -m app.exports.worker`, as the server starts it.

A process of its own can be stopped at any moment, and live sessions do not feel it. The job comes as JSON on standard
input; what comes back on standard output is messages (`app.exports.messages`). Tracebacks go to standard error.
"""

import os
import sys
from contextlib import suppress
from typing import BinaryIO

import orjson

from app import exports
from app.exports import Options
from app.exports.messages import DATA, END, PROBLEMS, PROGRESS, write
from engine import RunSpec, SpecError

NICENESS = 5


def main() -> int:
    """Do the job; the exit code."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    # What some library might print must not get among the messages.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # The server has gone: nobody is there to be told.
    with suppress(BrokenPipeError):
        _work(orjson.loads(sys.stdin.buffer.read()), output)
        output.close()
    return 0


def _work(job: dict[str, object], output: BinaryIO) -> None:
    def progress(done: int, total: int) -> None:
        write(output, PROGRESS, orjson.dumps([done, total]))

    try:
        spec = RunSpec.from_dict(job["spec"])  # type: ignore[arg-type]
        options = Options(**job["options"])  # type: ignore[arg-type]
        for piece in exports.stream(spec, str(job["format"]), options, progress):
            write(output, DATA, piece)
    except SpecError as error:
        said = [(problem.path, problem.message.key, problem.message.facts) for problem in error.problems]
        write(output, PROBLEMS, orjson.dumps(said))
    else:
        write(output, END, b"")


if __name__ == "__main__":
    raise SystemExit(main())
