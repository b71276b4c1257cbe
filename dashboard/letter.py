"""/letter: one letter of the dashboard's own mailbox, as a mail program shows it; the page Mailbox frames it."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from dashboard import actions
from monitor.errors import MonitorError

LONGEST_KEY = 100
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    ),
    "Cache-Control": "no-store",
}


async def letter(request: Request) -> Response:
    """The letter with the key in `?key=`; 404 where the mailbox holds no such letter."""
    try:
        found = await run_in_threadpool(actions.letter, request.query_params.get("key", "")[:LONGEST_KEY])
    except MonitorError as error:
        return PlainTextResponse(f"{error}\n", status_code=503, headers=HEADERS)
    if found is None:
        return PlainTextResponse("There is no such letter.\n", status_code=404, headers=HEADERS)
    return HTMLResponse(found.replace("<head>", '<head><base target="_blank">', 1), headers=HEADERS)


ROUTES = [Route("/letter", letter)]
