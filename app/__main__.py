"""`beanbowl`, and `python -m app`."""

import signal


def main() -> int:
    """Run the command line; the exit code."""
    # Until all is loaded there is nothing to end in an orderly way: Ctrl-C ends it without a word.
    usual = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from app import cli

    signal.signal(signal.SIGINT, usual)
    return cli.main()


if __name__ == "__main__":
    raise SystemExit(main())
