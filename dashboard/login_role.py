"""What the person before a page may do: the guard before the pages says it, in a header that nobody else can set."""

from enum import StrEnum

import streamlit as st

from monitor.errors import UsageError

ROLE_HEADER, NAME_HEADER = "x-gpu-limbo-role", "x-gpu-limbo-name"


class Role(StrEnum):
    """An owner may change goals, rules, prices and titles; a viewer only looks."""

    OWNER = "owner"
    VIEWER = "viewer"


_guarded = False


def guard_is_up() -> None:
    """From now on only the header counts, in this process."""
    global _guarded
    _guarded = True


def role() -> Role | None:
    """The role of this page's visitor; `None` for somebody who came past the guard, to whom nothing is shown.

    Without a server there is no visitor (a test that runs a page): then everything is allowed.
    """
    headers = st.context.headers
    if not _guarded:
        return None if headers.get("host") else Role.OWNER
    said = headers.get(ROLE_HEADER, "")
    return Role(said) if said in set(Role) else None


def may_change() -> bool:
    """Whether buttons that change something are shown to this visitor."""
    return role() is Role.OWNER


def visitor() -> str:
    """Who is signed in, for the page; empty where nobody had to."""
    return str(st.context.headers.get(NAME_HEADER, "")) if _guarded else ""


def require_owner() -> None:
    """Raises `UsageError` unless the visitor of this page is an owner: checked where something is written."""
    if not may_change():
        raise UsageError("only an owner may change this: sign in as one")
