"""/mute: what a mute link in a message opens. It asks first, since mail programs open links to look at them."""

from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dashboard import actions
from monitor.errors import MonitorError

LONGEST_TOKEN = 2000
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>gpu-limbo</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>
<body style="font:18px/1.5 sans-serif;max-width:34em;margin:3em auto;padding:0 1em">{body}</body></html>
"""
ASK = """<form method="post" action="/mute?token={token}"><p>Silence this rule for a week?</p>
<button style="font:inherit;padding:.4em 1em">Silence it</button></form>"""


async def ask(request: Request) -> Response:
    """The question, whatever the token is: only the answer tells whether it is good."""
    return _page(ASK.format(token=escape(_token(request))))


async def mute(request: Request) -> Response:
    """Silence the rule; also what a mail program's unsubscribe button sends (RFC 8058). The token is all it needs."""
    try:
        rule = await run_in_threadpool(actions.mute_by_link, _token(request))
    except MonitorError as error:
        return _page(f"<p>{escape(str(error))}</p>", 503)
    if rule is None:
        return _page("<p>This link is too old or was changed. Rules can be muted on the settings page.</p>", 403)
    return _page(f"<p>The rule “{escape(rule)}” is silent for a week.</p>")


def _token(request: Request) -> str:
    return request.query_params.get("token", "")[:LONGEST_TOKEN]


def _page(body: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(PAGE.format(body=body), status_code=status, headers=HEADERS)


ROUTES = [Route("/mute", ask, methods=["GET"]), Route("/mute", mute, methods=["POST"])]
