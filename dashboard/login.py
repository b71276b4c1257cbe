"""The guard: stands before every page, address and socket of the dashboard, and lets nobody past without a role."""

from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from dashboard.login_door import MACHINE_PATHS, PUBLIC_PATHS, Door, Guest
from dashboard.login_oidc import claims_of, without_their_cookies
from dashboard.login_pages import HEADERS, set_session
from dashboard.login_role import NAME_HEADER, ROLE_HEADER, guard_is_up
from dashboard.login_session import Visit

CALLBACK = "/oauth2callback"
POLICY_VIOLATION = 1008
NO_ENTRY = "Sign in first, or send the token of GPU_LIMBO_API_TOKEN as `Authorization: Bearer ...`."


class LoginGuard:
    """Middleware for pages and sockets alike; what it does not know to be open is closed."""

    def __init__(self, app: ASGIApp, *, door: Door) -> None:
        guard_is_up()
        self._app, self._door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        guest, path = self._door.judge(asked), scope["path"]
        is_open = scope["type"] == "http" and (path in PUBLIC_PATHS or self._door.is_way_in(path))
        if guest.role is None and not is_open:
            await _refuse(asked, guest, receive, send)
            return
        scope = _with_role(scope, guest)
        if path == CALLBACK and self._door.access.oidc:
            send = self._own_session_for(asked, send)
        elif scope["type"] == "websocket" and guest.visit is not None:
            receive, send = self._while_it_lasts(guest.visit, receive, send)
        await self._app(scope, receive, send)

    def _own_session_for(self, asked: HTTPConnection, send: Send) -> Send:
        """Where the provider vouched for somebody: our session in place of Streamlit's cookies."""

        async def exchanged(message: Message) -> None:
            if message["type"] == "http.response.start":
                claims = claims_of(message["headers"])
                message = {**message, "headers": without_their_cookies(message["headers"])}
                found = self._door.people.role_of(claims) if claims else None
                answer = Response(headers={})
                if found:
                    cookie = self._door.sessions.open(*found, self._door.proof_of_people())
                    set_session(answer, cookie, secure=self._door.is_secure(asked))
                    message["headers"] += [pair for pair in answer.raw_headers if pair[0] == b"set-cookie"]
                else:
                    MutableHeaders(scope=message)["location"] = f"/login?why={'account' if claims else 'provider'}"
            await send(message)

        return exchanged

    def _while_it_lasts(self, visit: Visit, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """A socket that is closed as soon as its session is over or signed out."""
        closed = False

        async def close() -> None:
            nonlocal closed
            if not closed:
                closed = True
                await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": "signed out"})

        async def heard() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and not self._door.lasts(visit):
                await close()
                return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}
            return message

        async def said(message: Message) -> None:
            if message["type"] == "websocket.send" and not self._door.lasts(visit):
                await close()
            elif not closed:
                await send(message)

        return heard, said


def _with_role(scope: Scope, guest: Guest) -> Scope:
    """The scope with what the guard knows in two headers; what the other side put there is dropped."""
    ours = {ROLE_HEADER: str(guest.role or ""), NAME_HEADER: guest.name}
    kept = [(name, value) for name, value in scope["headers"] if name.lower().decode("latin-1") not in ours]
    kept += [(name.encode(), value.encode("utf-8")) for name, value in ours.items() if value]
    return {**scope, "headers": kept}


async def _refuse(asked: HTTPConnection, guest: Guest, receive: Receive, send: Send) -> None:
    answer = _refusal(asked, guest)
    if asked.scope["type"] == "http":
        await answer(asked.scope, receive, send)
        return
    socket = WebSocket(asked.scope, receive, send)
    if "websocket.http.response" in asked.scope.get("extensions", {}):
        await socket.send_denial_response(answer)
    else:
        await socket.close(POLICY_VIOLATION)


def _refusal(asked: HTTPConnection, guest: Guest) -> Response:
    """A person goes to the login, a program gets a sentence."""
    if guest.refused:
        return PlainTextResponse(f"{guest.refused}\n", 403, headers=HEADERS)
    path, is_http = asked.scope["path"], asked.scope["type"] == "http"
    wants_page = is_http and asked.scope["method"] in ("GET", "HEAD") and "text/html" in asked.headers.get("accept", "")
    if wants_page and not path.startswith(MACHINE_PATHS):
        query = f"?{asked.url.query}" if asked.url.query else ""
        onward = "" if path == "/" and not query else f"?next={quote(path + query, safe='/')}"
        return RedirectResponse(f"/login{onward}", 303, headers=HEADERS)
    return JSONResponse({"error": NO_ENTRY}, 401, headers={**HEADERS, "WWW-Authenticate": "Bearer"})
