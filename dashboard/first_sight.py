"""The first sight of the first page: its verdicts as plain HTML, in the shell into which Streamlit draws the rest.

Whoever opens the page reads the answer before 4 MB of scripts have loaded, or where none may run. As soon as Streamlit
has drawn a verdict of its own, the first sight leaves. Every word from data is escaped in `cards`.
"""

import asyncio
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from starlette.concurrency import run_in_threadpool
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from streamlit import file_util

from dashboard import queries, texts
from dashboard.cards import style
from dashboard.goal_cards import goal_card, how_old, own_card
from dashboard.goal_links import goal_from
from dashboard.theme import DARK, LIGHT
from monitor.errors import MonitorError

TEMPLATE = Path(__file__).with_name("static") / "first_sight.html"
TITLE, ROOT = "<title>Streamlit</title>", '<div id="root"></div>'
HEAD = "<head>"
AT_ONCE_SECONDS = 2.0
# Streamlit looks for its server below the page's own address first ("/gpu/_stcore/health"): two errors in the browser's
# console and a round trip on every page. All pages lie beside each other, so the server is where their folder is.
HOME = "<script>window.__streamlit = { BACKEND_BASE_URL: new URL('.', location.href).href };</script>"
NOSCRIPT_START, NOSCRIPT_END = "<noscript>", "</noscript>"


async def first_page(request: Request) -> Response:
    """Streamlit's shell with the first sight in it; without, where that cannot be told at once."""
    page = asyncio.ensure_future(run_in_threadpool(shell_with_sight, dict(request.query_params)))
    await asyncio.wait({page}, timeout=AT_ONCE_SECONDS)  # an own cost of delay needs all prices, after a start unread
    return HTMLResponse(page.result() if page.done() else _shell(), headers={"Cache-Control": "private, no-cache"})


async def other_page(_: Request) -> Response:
    """Streamlit's shell for every other page: it draws the page that the address names, or says that there is none."""
    return HTMLResponse(await run_in_threadpool(_shell), headers={"Cache-Control": "private, no-cache"})


def shell_with_sight(asked: Mapping[str, str]) -> str:
    """The whole page for these parameters of the address."""
    try:
        found = sight(asked)
    except MonitorError:  # the page itself says what is wrong
        found = ""
    return _shell().replace(ROOT, found + ROOT)


def sight(asked: Mapping[str, str]) -> str:
    """The verdicts of the goals; empty before the first call, for a past day and in a replay: those say so in full."""
    if "as_of" in asked or queries.replay() or not queries.signals():
        return ""
    wanted = goal_from(asked, queries.catalog().workloads, queries.preferences().currency)
    goals = [*([wanted] if wanted else []), *queries.goals()]
    age, fresh = how_old()
    return Template(_template()).substitute(
        light=style(LIGHT),
        dark=style(DARK).replace("<style>", '<style class="gl-dark" media="(prefers-color-scheme: dark)">'),
        light_paper=LIGHT.paper,
        light_ink=LIGHT.ink,
        light_panel=LIGHT.panel,
        dark_paper=DARK.paper,
        dark_ink=DARK.ink,
        dark_panel=DARK.panel,
        title=escape(texts.NOW_TITLE),
        stale=" gl-stale" if fresh.stale else "",
        age=escape(age.replace("`", "")),
        cards="".join(goal_card(goal, None, own_card(asked), folded=n > 0) for n, goal in enumerate(goals)),
        loading=escape(texts.LOADING),
        no_script=escape(texts.NO_SCRIPT),
    )


@cache
def _template() -> str:
    return TEMPLATE.read_text("utf-8")


@cache
def _shell() -> str:
    """Streamlit's own index page with our title, the place of its server, and without its advice for programs."""
    page = (Path(file_util.get_static_dir()) / "index.html").read_text("utf-8")
    page = page.replace(TITLE, f"<title>{escape(texts.APP)}: {escape(texts.TAGLINE)}</title>")
    page = page.replace(HEAD, f"{HEAD}{HOME}", 1)
    before, start, rest = page.partition(NOSCRIPT_START)
    _, end, after = rest.partition(NOSCRIPT_END)
    told = f"<p>{escape(texts.NO_SCRIPT)}</p>" if start and end else ""
    return f"{before}{start}{told}{end}{after}" if told else page


class PageName(StringConvertor):
    """What a page can be called: no file ("favicon.png"), nothing of Streamlit's own ("_stcore")."""

    regex = "[a-z]+(?:-[a-z]+)*"


register_url_convertor("page", PageName())
ROUTES = [Route("/", first_page)]
OTHER_PAGES = [Route("/{name:page}", other_page)]  # after every other address of one word, such as /healthz
