"""``python -m leadctl`` and the console script."""

import sys


def main() -> int:
    """Run the command line; Ctrl-C while it is still being imported is no traceback either."""
    try:
        from leadctl.cli.main import main as run

        return run()
    except KeyboardInterrupt:
        sys.stderr.write("Error: interrupted; nothing was changed\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
