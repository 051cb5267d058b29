"""``python -m leadctl`` and the console script."""

import gc
import sys

# What is imported stays: looking it through for garbage, again and again, finds nothing and takes a
# twentieth of the time of a short command.
ALLOCATIONS_BEFORE_COLLECTION = 100_000


def main() -> int:
    """Run the command line; Ctrl-C while it is still being imported is no traceback either."""
    gc.set_threshold(ALLOCATIONS_BEFORE_COLLECTION)
    try:
        from leadctl.cli.main import main as run

        return run()
    except KeyboardInterrupt:
        sys.stderr.write("Error: interrupted; nothing was changed\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
