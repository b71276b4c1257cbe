"""One process for everything that listens: the pages, and beside them the addresses that machines read.

Start it with `gpu-limbo up`, or alone with `python -m uvicorn dashboard.asgi:app`.
"""

import sys
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard.first_sight import OTHER_PAGES
from dashboard.first_sight import ROUTES as FIRST_SIGHT
from dashboard.login import LoginGuard
from dashboard.login_door import Door
from dashboard.login_oidc import secrets_of
from dashboard.login_pages import routes_of
from dashboard.routes import ROUTES
from dashboard.secure import SecureHeaders
from dashboard.warm import warmed
from monitor.access import session_key
from monitor.clock import wall_now
from monitor.errors import MonitorError
from monitor.settings import load_settings


def guarded_app() -> st.App:
    """The application with its guard; ends the process with one sentence where it would be open to the world."""
    try:
        settings = load_settings()
        door = Door(settings, settings.host, wall_now)
        key = session_key(settings.home.expanduser())
    except MonitorError as error:
        sys.exit(f"gpu-limbo: {error}")
    return st.App(
        Path(__file__).with_name("app.py"),
        routes=[*FIRST_SIGHT, *ROUTES, *routes_of(door), *OTHER_PAGES],
        middleware=[Middleware(SecureHeaders), Middleware(LoginGuard, door=door)],
        secrets=secrets_of(settings, key),
        lifespan=warmed,
    )


app = guarded_app()
