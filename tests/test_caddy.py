"""The bundled reverse proxy: what its file says, that Caddy takes it, and the dashboard behind it over HTTPS."""

import json
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from dashboard.login_session import COOKIE
from dashboard.secure import EVERYWHERE
from tests.waiting import free_port, wait_for

ROOT = Path(__file__).parents[1]
FILE = ROOT / "deploy" / "Caddyfile"
TEXT = FILE.read_text("utf-8")
PASSWORD = "correct horse battery"
CADDY = shutil.which("caddy")
needs_caddy = pytest.mark.skipif(CADDY is None, reason="Caddy is not installed")


def test_the_file_holds_every_header_that_the_dashboard_sends_and_asks_for_https():
    headers = dict(re.findall(r'(?m)^\theader \??([A-Z][A-Za-z-]+) "?([^"\n]+)"?$', TEXT))
    assert headers.pop("Strict-Transport-Security") == "max-age=31536000"
    assert headers == EVERYWHERE


def test_it_leads_to_this_machine_only_and_believes_no_other_proxy():
    assert re.findall(r"(?m)^\treverse_proxy (\S+)$", TEXT) == ["{$GPU_LIMBO_UPSTREAM:127.0.0.1:8501}"]
    assert "trusted_proxies" not in TEXT
    assert "http://" not in TEXT


@needs_caddy
def test_caddy_reads_it_and_would_not_write_it_otherwise():
    adapted = subprocess.run(
        [str(CADDY), "adapt", "--config", FILE, "--adapter", "caddyfile"], capture_output=True, text=True, check=True
    )
    assert "127.0.0.1:8501" in json.dumps(json.loads(adapted.stdout))
    formatted = subprocess.run([str(CADDY), "fmt", FILE], capture_output=True, text=True)
    assert formatted.stdout == TEXT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The dashboard with a password behind Caddy, which makes itself a certificate for localhost."""
    folder, behind, before = tmp_path_factory.mktemp("caddy"), free_port(), free_port()
    address = f"https://localhost:{before}"
    environment = {
        **{name: text for name, text in os.environ.items() if not name.startswith("GPU_LIMBO_")},
        "GPU_LIMBO_HOME": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'gpu-limbo.db'}",
        "GPU_LIMBO_PASSWORD": PASSWORD,
        "GPU_LIMBO_SITE": address,
        "GPU_LIMBO_UPSTREAM": f"127.0.0.1:{behind}",
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
    }
    options = folder / "Caddyfile"
    options.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n" + TEXT, "utf-8")
    serve = [sys.executable, "-m", "uvicorn", "dashboard.asgi:app", "--port", str(behind), "--log-level", "warning"]
    proxy = [str(CADDY), "run", "--config", str(options), "--adapter", "caddyfile"]
    with (folder / "log").open("w") as log:
        processes = [subprocess.Popen(c, cwd=ROOT, env=environment, stdout=log, stderr=log) for c in (serve, proxy)]
    try:
        with httpx.Client(base_url=address, verify=False, timeout=20) as client:
            wait_for(lambda: client.get("/healthz").is_success)
            yield client
    finally:
        for process in processes:
            process.terminate()
            process.wait(10)


@needs_caddy
def test_the_dashboard_behind_caddy_keeps_its_headers_and_its_login(site: httpx.Client):
    answer = site.get("/", headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login"
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "server" not in answer.headers
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    signed_in = site.post("/login", data={"password": PASSWORD}, headers={"origin": str(site.base_url).rstrip("/")})
    assert signed_in.status_code == 303
    assert "secure" in signed_in.headers["set-cookie"].lower()
    page = site.get("/")
    assert page.status_code == 200
    assert EVERYWHERE.items() <= {name.title(): text for name, text in page.headers.items()}.items()


@needs_caddy
def test_the_socket_goes_through_caddy_with_a_login_only(site: httpx.Client):
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    address = f"wss://{site.base_url.host}:{site.base_url.port}/_stcore/stream"
    with pytest.raises(InvalidStatus) as refused, connect(address, ssl=trusting):
        pass
    assert refused.value.response.status_code == 401
    cookie = site.post("/login", data={"password": PASSWORD}).cookies[COOKIE]
    with connect(address, ssl=trusting, additional_headers={"cookie": f"{COOKIE}={cookie}"}) as stream:
        stream.ping().wait(5)


@needs_caddy
def test_guesses_are_counted_by_who_makes_them_not_by_the_proxy(site: httpx.Client):
    """What a visitor claims to be is replaced by Caddy: changing it buys no more guesses."""
    answers = [
        site.post("/login", data={"password": "a wrong guess"}, headers={"x-forwarded-for": f"203.0.113.{number}"})
        for number in range(6)
    ]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
