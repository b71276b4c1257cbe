"""The rules that the compose file and the image keep; `make compose-test` tries them on a real engine."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docker-compose.yml").read_text("utf-8")
FILE = yaml.safe_load(TEXT)
SERVICES = FILE["services"]
OURS = ["scheduler", "dashboard"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def test_there_are_three_services():
    assert set(SERVICES) == {"db", "scheduler", "dashboard"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_locked_down(name: str):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert any(mount.startswith("/tmp") for mount in service["tmpfs"])
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert service["pids_limit"] > 0
    assert not service.get("privileged")
    assert "network_mode" not in service


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_watched_and_stops_in_ten_seconds(name: str):
    assert "healthcheck" in SERVICES[name] or "HEALTHCHECK" in DOCKERFILE
    assert SERVICES[name]["stop_grace_period"] == "10s"
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_as_nobody_in_particular(name: str):
    assert SERVICES[name]["user"] == "10001:10001"
    assert "cap_add" not in SERVICES[name]


def test_only_the_database_keeps_what_it_needs_to_stop_being_root():
    assert set(SERVICES["db"]["cap_add"]) == {"CHOWN", "SETGID", "SETUID"}
    assert SERVICES["db"]["image"] == "${GPU_LIMBO_DB_IMAGE:-postgres:17}"


def test_who_needs_another_waits_until_it_is_healthy():
    assert SERVICES["scheduler"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert SERVICES["dashboard"]["depends_on"] == {
        "db": {"condition": "service_healthy"},
        "scheduler": {"condition": "service_healthy"},
    }


def test_what_must_last_lies_in_named_volumes():
    volumes = {mount.split(":")[0] for service in SERVICES.values() for mount in service["volumes"]}
    assert volumes == set(FILE["volumes"]) == {"db", "data", "secret"}
    assert all("secret:/run/gpu-limbo:ro" in SERVICES[name]["volumes"] for name in OURS)


def test_only_the_dashboard_is_published_and_only_on_this_machine():
    ports = {name: service.get("ports", []) for name, service in SERVICES.items()}
    assert [name for name, published in ports.items() if published] == ["dashboard"]
    assert ports["dashboard"] == ["${GPU_LIMBO_PUBLISHED_ON:-127.0.0.1}:${GPU_LIMBO_PORT:-8501}:8501"]


@pytest.mark.parametrize(("published", "starts"), [(None, True), ("0.0.0.0", False), ("192.168.1.5", False)])
def test_the_dashboard_knows_where_its_port_is_published_and_wants_a_login_elsewhere(
    published: str | None, starts: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from monitor.access import access_of
    from monitor.errors import UsageError
    from monitor.settings import load_settings

    given = {"GPU_LIMBO_PUBLISHED_ON": published} if published else {}
    for name, text in SERVICES["dashboard"]["environment"].items():
        if name not in ("DATABASE_URL_FILE", "GPU_LIMBO_HOME"):
            monkeypatch.setenv(name, re.sub(r"\$\{(\w+):-([^}]*)\}", lambda m: given.get(m[1], m[2]), str(text)))
    monkeypatch.setenv("GPU_LIMBO_HOME", str(tmp_path))
    settings = load_settings()
    if starts:
        assert access_of(settings, settings.host).way == "local"
    else:
        with pytest.raises(UsageError, match=f"on {published} the dashboard would be open"):
            access_of(settings, settings.host)


def test_only_the_dashboard_gets_the_secrets_of_its_login():
    only = set(SERVICES["dashboard"]["environment"]) - set(SERVICES["scheduler"]["environment"])
    assert {"GPU_LIMBO_PASSWORD", "GPU_LIMBO_OIDC_CLIENT_SECRET", "GPU_LIMBO_API_TOKEN"} <= only


def test_nothing_has_to_be_set_and_no_password_is_written_down():
    assert all(":-" in variable for variable in re.findall(r"(?<!\$)\$\{([^}]*)\}", TEXT))
    assert "env_file" not in TEXT
    passwords = re.findall(r"(?i)(\w*password)\s*[:=]\s*(\S+)", TEXT)
    assert all(value == f"${{{name}:-}}" for name, value in passwords)
    assert "/dev/urandom" in TEXT


def test_the_image_is_built_in_stages_with_hashes_and_runs_without_root():
    stages = ["FROM ${BASE} AS build", "FROM build AS build-probe", "FROM ${BASE} AS probe"]
    assert re.findall(r"(?m)^FROM .*$", DOCKERFILE) == [*stages, "FROM ${BASE}"]
    assert re.findall(r"(?m)^ARG .*$", DOCKERFILE) == ["ARG BASE=python:3.13-slim"]  # a digest goes there
    assert "--require-hashes" in DOCKERFILE
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"(?m)^USER 10001:10001$", last)
    assert re.search(r"(?m)^HEALTHCHECK ", last)
    assert "pip install" not in last


def test_every_setting_of_the_compose_file_is_one_that_exists():
    from monitor.settings import PREFIX, Settings

    known = {PREFIX + name.upper() for name in Settings.model_fields} | {"DATABASE_URL_FILE"}
    assert set(SERVICES["scheduler"]["environment"]) | set(SERVICES["dashboard"]["environment"]) <= known
