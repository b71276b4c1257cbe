"""Text for a terminal: long lines go on under their own beginning; into a file or pipe they stay whole, for grep."""

import os
import shutil
import sys
import textwrap
from typing import TextIO

WIDEST = 120  # lines beyond are hard to read


def wrapped(text: str, hang: int, stream: TextIO | None = None) -> str:
    """The text in lines as wide as the terminal, the later ones indented by `hang`; `stream` is stdout where absent."""
    if not ((stream or sys.stdout).isatty() or "COLUMNS" in os.environ):
        return text
    width = min(WIDEST, max(40, shutil.get_terminal_size().columns))
    start = text[: len(text) - len(text.lstrip())]
    return textwrap.fill(
        text.lstrip(),
        width,
        initial_indent=start,
        subsequent_indent=" " * hang,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )


def plain(text: str) -> str:
    """The text of a page or a server without what a terminal would obey: escape sequences could hide other lines."""
    return "".join(char if char.isprintable() else " " for char in text)


def size_of(value: float) -> tuple[float, str]:
    """What to count a large number in, and its short word: 26,400,000 in millions (mn)."""
    sizes = ((1e12, " tn"), (1e9, " bn"), (1e6, " mn"))
    return next(((size, word) for size, word in sizes if abs(value) >= size), (1.0, ""))
