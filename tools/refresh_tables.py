"""Prints anew every table of a document that names its command above it, from the price files of a folder.

python tools/refresh_tables.py docs/replays.md --prices ../shared/data/prices
"""

import argparse
import re
import shlex
import subprocess
import sys
from pathlib import Path

TABLE = re.compile(r"^<!-- (gpu-limbo .*?) -->\n(.*?)\n<!-- -->$", re.M | re.S)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--prices", default="../shared/data/prices")
    asked = parser.parse_args()
    for document in asked.documents:
        text = document.read_text("utf-8")
        document.write_text(TABLE.sub(lambda found: printed(found[1], asked.prices), text), "utf-8")


def printed(command: str, prices: str) -> str:
    """The command and what it prints now, as it stands in a document."""
    words = [prices if "shared" in word else word for word in shlex.split(command)[1:]]
    done = subprocess.run([sys.executable, "-m", "monitor", *words], capture_output=True, text=True, check=True)
    return f"<!-- {command} -->\n{done.stdout.strip()}\n<!-- -->"


if __name__ == "__main__":
    main()
