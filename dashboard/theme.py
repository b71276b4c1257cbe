"""Colours safe for colour-blind readers, in a light and a dark set; a verdict is never told by colour alone."""

from dataclasses import dataclass

from monitor.core.models import Action


@dataclass(frozen=True, kw_only=True)
class Palette:
    """One set of colours; every text colour has a contrast of 4.5 or more on `paper`."""

    paper: str
    panel: str
    ink: str
    faint: str
    rule: str
    accent: str
    on_accent: str  # what is written on `accent`: Streamlit writes white, which cannot be read on a light one
    second: str
    band: str
    verdict: dict[Action, str]


LIGHT = Palette(
    paper="#ffffff",
    panel="#f3f5f8",
    ink="#161b22",
    faint="#55606e",
    rule="#d5dbe3",
    accent="#0b57d0",
    on_accent="#ffffff",
    second="#b04a00",
    band="#0b57d0",
    verdict={
        Action.BUY_NOW: "#0b57d0",
        Action.WAIT: "#a84300",
        Action.LIMBO: "#6b2fb8",
        Action.NO_CALL: "#55606e",
    },
)
DARK = Palette(
    paper="#0f141a",
    panel="#1a212b",
    ink="#e8edf3",
    faint="#a9b4c2",
    rule="#34404f",
    accent="#7db1ff",
    on_accent="#0f141a",
    second="#ffab66",
    band="#7db1ff",
    verdict={
        Action.BUY_NOW: "#7db1ff",
        Action.WAIT: "#ffab66",
        Action.LIMBO: "#c9a6ff",
        Action.NO_CALL: "#a9b4c2",
    },
)


def palette(kind: str | None) -> Palette:
    """The palette for Streamlit's theme type ("light", "dark" or `None`)."""
    return DARK if kind == "dark" else LIGHT
