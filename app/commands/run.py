"""`beanbowl run`: one run, as a table or with all that is known of it."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from app import answers, computing, tabular, trajectories
from app.commands import output, specs
from app.commands.progress import Bar
from app.settings import Settings
from engine import RunSpec

HELP = "compute one run"


def add(parser: ArgumentParser) -> None:
    """What it takes."""
    specs.add_file(parser, "the run as JSON", optional=True)
    specs.add_flags(parser)
    output.add(parser)
    parser.add_argument("--every", type=_every, default=1, metavar="K", help="keep rows 0, K, 2·K, … and the last one")
    parser.add_argument("--no-trajectory", action="store_true", help="keep only the first row and the last one")


def main(options: Namespace, _: Settings) -> int:
    """Compute the run and write it."""
    chosen = output.media_type(options)
    spec = RunSpec.from_dict(specs.read(options))
    bar = Bar("steps")
    try:
        result = computing.whole(spec, lambda: True, lambda done: bar.show(min(done, spec.steps), spec.steps))
    finally:
        bar.close()
    kept = trajectories.thinned(result.trajectory, options.every)
    kept = trajectories.ends(kept) if options.no_trajectory else kept
    if chosen == tabular.JSON:
        output.write(options, [answers.dumps(answers.run(result, kept, "en")), b"\n"])
    else:
        output.write(options, tabular.FORMS[chosen].write([answers.columns(kept)]))
    return 0


def _every(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f'expected a whole number from 1 on, got "{text[:40]}"')
    return int(text)
