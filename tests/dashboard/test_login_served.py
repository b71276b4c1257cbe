"""The real dashboard behind its guard, as a server: every route and the socket, with and without a login."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from dashboard.login_role import ROLE_HEADER
from dashboard.login_session import COOKIE
from tests.waiting import free_port, wait_for

ROOT = Path(__file__).parents[2]
OWNER, VIEWER, TOKEN = "correct horse battery", "only looking around", "t" * 30
ASK = BackMsg(rerun_script=ClientState()).SerializeToString()
PUBLIC = {"/healthz", "/mute", "/login", "/logout"}
SERVE = """
import json, sys, uvicorn
from dashboard.asgi import app
print(json.dumps([route.path for route in app._build_starlette_app().routes]), flush=True)
uvicorn.run(app, host="0.0.0.0", port=int(sys.argv[1]), log_level="warning", access_log=False)
"""


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running dashboard: its address, every path that it has a route for, and what it has said."""

    address: str
    paths: list[str]
    log: Path

    def session(self, password: str) -> dict[str, str]:
        """The header of somebody who has signed in."""
        answer = httpx.post(f"{self.address}/login", data={"password": password})
        return {"cookie": f"{COOKIE}={answer.cookies[COOKIE]}"}

    def socket(self, goes_on_with: str = "", **headers: str) -> ClientConnection:
        """Streamlit's socket, for a new session or for one that was lost."""
        address = self.address.replace("http", "ws") + "/_stcore/stream"
        names = ["streamlit", "no-token", goes_on_with] if goes_on_with else ["streamlit"]
        return connect(address, additional_headers=headers, subprotocols=[Subprotocol(name) for name in names])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    port = free_port()
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("GPU_LIMBO_")},
        "GPU_LIMBO_HOME": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'gpu-limbo.db'}",
        "GPU_LIMBO_HOST": "0.0.0.0",
        "GPU_LIMBO_PASSWORD": OWNER,
        "GPU_LIMBO_VIEWER_PASSWORD": VIEWER,
        "GPU_LIMBO_API_TOKEN": TOKEN,
        "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION": "false",  # nothing in the environment can take it away
    }
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-c", SERVE, str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        paths = json.loads(process.stdout.readline())
        made = Served(address=f"http://127.0.0.1:{port}", paths=paths, log=folder / "log")
        wait_for(lambda: httpx.get(f"{made.address}/healthz", timeout=5))
        yield made
    finally:
        process.terminate()
        process.wait(10)


def test_no_route_answers_without_a_login(served: Served) -> None:
    """Every route that the server has, Streamlit's own among them, by every method."""
    assert {"/_stcore/upload_file/{session_id}/{file_id}", "/media/{file_id:path}", "/api/v1/signals"} <= set(
        served.paths
    )
    open_ones = set()
    with httpx.Client(base_url=served.address, timeout=20) as client:
        for path in {path.replace("{", "").replace("}", "").replace(":path", "") or "/" for path in served.paths}:
            for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
                answer = client.request(method, path, headers={ROLE_HEADER: "owner"})
                if answer.status_code not in (401, 403):
                    open_ones.add(path)
            page = client.get(path, headers={"accept": "text/html"})
            if path not in PUBLIC:
                assert page.status_code == 401 or page.headers["location"].startswith("/login"), path
    assert open_ones == PUBLIC


@pytest.mark.parametrize("headers", [{}, {ROLE_HEADER: "owner"}, {"cookie": f"{COOKIE}=forged"}])
def test_the_socket_is_closed_to_strangers(served: Served, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused, served.socket(**headers):
        pass
    assert refused.value.response.status_code == 401
    with pytest.raises(InvalidStatus), served.socket(authorization=f"Bearer {TOKEN}"):
        pass


def test_the_socket_is_closed_to_pages_of_other_sites(served: Served) -> None:
    with pytest.raises(InvalidStatus) as refused, served.socket(**served.session(OWNER), origin="https://evil.example"):
        pass
    assert refused.value.response.status_code == 403


def test_the_socket_opens_with_a_session_and_closes_when_it_is_signed_out(served: Served) -> None:
    session = served.session(VIEWER)
    with served.socket(**session) as stream:
        assert "Signed in as viewer" in _page(stream)
        assert httpx.post(f"{served.address}/logout", headers=session).status_code == 303
        stream.send(ASK)
        with pytest.raises(ConnectionClosed) as ended:
            _page(stream)
    assert ended.value.rcvd is not None
    assert ended.value.rcvd.code == 1008


def test_a_session_that_is_gone_on_with_has_the_role_of_who_goes_on(served: Served) -> None:
    """Streamlit goes on with a lost session whose number a browser names; a viewer becomes no owner by that."""
    with served.socket(**served.session(OWNER)) as first:
        page = _page(first)
        assert "Signed in as owner" in page
    number = re.findall(r'session_id: "([^"]+)"', page)[0]
    with served.socket(number, **served.session(VIEWER)) as second:
        assert "Signed in as viewer" in _page(second)


def _page(stream: ClientConnection) -> str:
    """What the page consists of, as text, after it has run once."""
    stream.send(ASK)
    said = []
    while True:
        message = ForwardMsg.FromString(stream.recv(timeout=60))
        said.append(str(message))
        if message.WhichOneof("type") == "script_finished":
            return " ".join(said)


def test_a_program_reads_with_the_token(served: Served) -> None:
    answer = httpx.get(f"{served.address}/api/v1/signals", headers={"authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, answer.json()) == (200, [])


def test_the_page_itself_comes_with_a_session_and_no_file_without_its_token(served: Served) -> None:
    session = served.session(OWNER)
    assert "<title>" in httpx.get(served.address, headers=session, timeout=20).text
    upload = f"{served.address}/_stcore/upload_file/a/b"
    refused = httpx.put(upload, headers=session, files={"file": b"x"})
    assert refused.status_code == 403
    assert "xsrf" in refused.text.lower()


def test_nothing_secret_is_logged(served: Served) -> None:
    served.session(OWNER)
    httpx.post(f"{served.address}/login", data={"password": "a guess that is wrong"})
    httpx.get(f"{served.address}/metrics", params={"token": TOKEN})
    said = served.log.read_text("utf-8")
    assert not [secret for secret in (OWNER, VIEWER, TOKEN, "a guess") if secret in said]


def test_a_dashboard_that_would_be_open_to_the_world_ends_with_one_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "GPU_LIMBO_HOME": str(tmp_path), "GPU_LIMBO_HOST": "0.0.0.0", "DATABASE_URL": ""}
    for command in (
        ["-m", "uvicorn", "dashboard.asgi:app", "--port", "1"],
        ["-m", "monitor", "up", "--host", "0.0.0.0"],
    ):
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
        )
        assert done.returncode != 0
        assert "set a password with `gpu-limbo password`" in done.stderr
        assert "Traceback" not in done.stderr
