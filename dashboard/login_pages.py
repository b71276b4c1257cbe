"""/login and /logout: two plain pages without script, that also work where the rest of the dashboard does not."""

import asyncio
from html import escape
from urllib.parse import parse_qs, quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.login_door import Door
from dashboard.login_oidc import way_to_provider
from dashboard.login_session import COOKIE, LASTS
from monitor.errors import MonitorError

LARGEST_FORM = 8192
AT_ONCE, MOST_WAITING = 2, 20  # a hash takes 64 MiB and a tenth of a second
WHY = {
    "account": "This account may not open this dashboard. Ask its owner to put you on the list.",
    "provider": "The other side did not let you in. Try again.",
    "out": "You are signed out.",
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # with no referrer at all a browser hides where a form was sent from
}
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} · gpu-limbo</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex"><style>
:root{{--paper:#fff;--ink:#161b22;--soft:#545d68;--line:#76808c;--card:#f3f5f8;--do:#0b57d0;--on:#fff;--bad:#b3261e}}
@media(prefers-color-scheme:dark){{:root{{--paper:#0f141a;--ink:#e8edf3;--soft:#a9b4c0;--line:#7d8894;--card:#1a212b;
--do:#7db1ff;--on:#0f141a;--bad:#ffb4ab}}}}
*{{box-sizing:border-box}}
body{{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--paper);color:var(--ink);
font:1rem/1.5 "Source Sans",system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}}
main{{width:100%;max-width:24rem;background:var(--card);border-radius:.75rem;padding:1.75rem}}
h1{{font-size:1.5rem;line-height:1.25;margin:0}} p{{margin:.25rem 0 1.25rem;color:var(--soft)}}
p.bad{{color:var(--bad);font-weight:600;margin:0 0 1rem}} label{{display:block;font-weight:600;margin-bottom:.35rem}}
input{{width:100%;font:inherit;padding:.6rem .75rem;border:1px solid var(--line);border-radius:.5rem;
background:var(--paper);color:var(--ink);min-height:2.75rem}}
.do{{display:block;width:100%;min-height:2.75rem;margin-top:1rem;padding:.6rem .75rem;border:0;border-radius:.5rem;
background:var(--do);color:var(--on);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}}
.other{{background:transparent;color:var(--do);border:1px solid var(--do)}}
:focus-visible{{outline:3px solid var(--do);outline-offset:2px}}
.away{{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}}
</style></head><body><main>{body}</main></body></html>
"""
TOP = "<h1>{title}</h1><p>gpu-limbo: when to buy a GPU, and which one.</p>{said}"
FORM = """<form method="post" action="/login?next={next}">
<label class="away" aria-hidden="true">Name
<input name="username" autocomplete="username" value="gpu-limbo" tabindex="-1"></label>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024"
required autofocus>
<button class="do">Sign in</button></form>"""
PROVIDER = '<a class="do{other}" href="/login/oidc">Sign in with your account</a>'
OUT = """<form method="post" action="/logout"><button class="do">Sign out</button></form>
<a class="do other" href="/">Stay</a>"""


def routes_of(door: Door) -> list[Route]:
    """The addresses of signing in and out."""
    pages = _Pages(door)
    return [
        Route("/login", pages.ask, methods=["GET"]),
        Route("/login", pages.enter, methods=["POST"]),
        Route("/login/oidc", pages.provider, methods=["GET"]),
        Route("/logout", pages.ask_out, methods=["GET"]),
        Route("/logout", pages.leave, methods=["POST"]),
    ]


def safe_next(path: str) -> str:
    """A path of this dashboard to go on to; the first page where it would lead anywhere else.

    >>> [safe_next(path) for path in ("/gpu?gpu=a", "//evil.example", "/\\\\evil.example", "https://evil.example")]
    ['/gpu?gpu=a', '/', '/', '/']
    """
    odd = not path.startswith("/") or path[1:2] in ("/", "\\") or any(ord(c) < 33 or c == "\\" for c in path)
    return "/" if odd or path.startswith(("/login", "/logout")) else path[:1000]


class _Pages:
    def __init__(self, door: Door) -> None:
        self._door, self._turn, self._waiting = door, asyncio.Semaphore(AT_ONCE), 0

    async def ask(self, request: Request) -> Response:
        """The form; whoever is signed in already goes on."""
        if self._door.access.way != "login" or self._door.judge(request).visit is not None:
            return RedirectResponse(safe_next(request.query_params.get("next", "/")), 303)
        return self._page(request, WHY.get(request.query_params.get("why", ""), ""))

    async def enter(self, request: Request) -> Response:
        """Try a password. What is wrong is never said more closely than "not this one"."""
        if not self._door.is_own_origin(request):
            return self._page(request, "The form was sent from another page. Try again here.", 403)
        address = request.client.host if request.client else ""
        form = await _form(request)
        if form is None or self._waiting >= MOST_WAITING:
            return self._page(request, "That was too much at once. Try again.", 413 if form is None else 429)
        wait = self._door.attempts.begin(address)
        if wait:
            said = f"Too many tries. Try again in {-(-wait // 60)} minutes."
            return self._page(request, said, 429, {"Retry-After": str(wait)})
        try:
            role = await self._role_of(form)
        except MonitorError as error:
            return self._page(request, str(error), 503)
        if role is None or not self._door.access.password:
            return self._page(request, "This is not the password.", 401)
        self._door.attempts.succeeded(address)
        answer = RedirectResponse(safe_next(request.query_params.get("next", "/")), 303, headers=HEADERS)
        cookie = self._door.sessions.open(role, str(role), self._door.proof(role))
        set_session(answer, cookie, secure=self._door.is_secure(request))
        return answer

    async def provider(self, _: Request) -> Response:
        """On to the provider of the login by OIDC."""
        return RedirectResponse(way_to_provider(), 303, headers=HEADERS)

    async def ask_out(self, _: Request) -> Response:
        """The question before signing out: a picture on somebody's page must not do it."""
        return _answer("Sign out?", TOP.format(title="Sign out?", said="") + OUT)

    async def leave(self, request: Request) -> Response:
        """End the session, here and wherever its cookie was copied to."""
        visit = self._door.judge(request).visit
        if not self._door.is_own_origin(request):
            return _answer("Sign out?", TOP.format(title="Sign out?", said="") + OUT, 403)
        if visit is not None:
            await run_in_threadpool(self._door.sessions.end, visit)
        answer = RedirectResponse("/login?why=out", 303, headers=HEADERS)
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=self._door.is_secure(request))
        return answer

    async def _role_of(self, password: str):
        self._waiting += 1
        try:
            async with self._turn:
                return await run_in_threadpool(self._door.role_of, password)
        finally:
            self._waiting -= 1

    def _page(
        self, request: Request, said: str, status: int = 200, headers: dict[str, str] | None = None
    ) -> HTMLResponse:
        kind = 'role="status"' if said == WHY["out"] else 'class="bad" role="alert"'
        note = f"<p {kind}>{escape(said)}</p>" if said else ""
        body, access = TOP.format(title="Sign in", said=note), self._door.access
        if access.password:
            body += FORM.format(next=quote(safe_next(request.query_params.get("next", "/")), safe="/"))
        if access.oidc:
            body += PROVIDER.format(other=" other" if access.password else "")
        return _answer("Sign in", body, status, headers)


def set_session(answer: Response, cookie: str, *, secure: bool) -> None:
    """Put a session into an answer: out of reach of scripts and of other sites' pages."""
    answer.set_cookie(
        COOKIE, cookie, max_age=int(LASTS.total_seconds()), path="/", secure=secure, httponly=True, samesite="lax"
    )


def _answer(title: str, body: str, status: int = 200, headers: dict[str, str] | None = None) -> HTMLResponse:
    return HTMLResponse(PAGE.format(title=title, body=body), status_code=status, headers=HEADERS | (headers or {}))


async def _form(request: Request) -> str | None:
    """The password of the form; `None` where the form is larger than any of ours."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_FORM:
            return None
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10).get("password", [""])[0]
