"""`python -m monitor` is `gpu-limbo`."""

import sys

from monitor.cli import run


def main() -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
