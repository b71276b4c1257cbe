"""The lines that a command is given on its standard input."""

import sys
from codecs import BOM_UTF8
from collections.abc import Iterator


def given_lines() -> Iterator[str]:
    """Line by line, without their ends and without the mark that some editors put before the first; bytes that are no
    UTF-8 are replaced."""
    for number, line in enumerate(sys.stdin.buffer):
        whole = line if number else line.removeprefix(BOM_UTF8)
        yield whole.decode("utf-8", errors="replace").rstrip("\r\n")
