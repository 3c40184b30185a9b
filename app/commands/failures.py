"""How a command ends when something goes wrong: one line on standard error, and an exit code."""

import os
import sys
from argparse import Namespace
from types import ModuleType

from app.errors import Refused
from app.settings import Settings
from engine import SpecError

FAILED, BAD_INPUT, INTERRUPTED, NO_READER = 1, 2, 130, 141


class Failed(Exception):
    """What was asked for makes sense, but could not be done."""


def guarded(command: ModuleType, options: Namespace, settings: Settings) -> int:
    """Run `command.main`; the exit code."""
    name = f"beanbowl {command.__name__.rpartition('.')[2]}"
    try:
        code: int = command.main(options, settings)
    except BrokenPipeError:
        # The reader has all it wants (`| head`). What is left in the buffer must not complain when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_READER
    except KeyboardInterrupt:
        print(f"{name}: cancelled", file=sys.stderr)
        return INTERRUPTED
    except (SpecError, Refused) as error:
        print(f"{name}: {'; '.join(map(str, error.problems))}", file=sys.stderr)
        return BAD_INPUT
    except OSError as error:
        reason = error.strerror or str(error)
        print(f"{name}: {error.filename or 'input'}: {reason.lower()}", file=sys.stderr)
        return BAD_INPUT
    except Failed as error:
        print(f"{name}: {error}", file=sys.stderr)
        return FAILED
    return code
