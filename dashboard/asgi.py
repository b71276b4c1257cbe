"""One process for everything that listens: the pages, and beside them the addresses that machines read.

Start it with `gpu-limbo up`, or alone with `python -m uvicorn dashboard.asgi:app`.
"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard.routes import ROUTES
from dashboard.secure import SecureHeaders

app = st.App(Path(__file__).with_name("app.py"), routes=ROUTES, middleware=[Middleware(SecureHeaders)])
