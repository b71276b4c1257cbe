"""The probe's container is as tight as the others, and asks for the GPU that the others do not need."""

from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]


def test_the_probe_container_is_unprivileged_and_read_only() -> None:
    probe = yaml.safe_load((ROOT / "docker-compose.gpu.yml").read_text("utf-8"))["services"]["probe"]
    assert probe["user"] == "10001:10001"
    assert probe["read_only"] is True
    assert probe["cap_drop"] == ["ALL"]
    assert probe["security_opt"] == ["no-new-privileges:true"]
    assert probe["mem_limit"]
    device = probe["deploy"]["resources"]["reservations"]["devices"][0]
    assert "gpu" in device["capabilities"]


def test_the_other_containers_need_no_gpu() -> None:
    assert "nvidia" not in (ROOT / "docker-compose.yml").read_text("utf-8")


def test_the_target_of_the_build_exists() -> None:
    target = yaml.safe_load((ROOT / "docker-compose.gpu.yml").read_text("utf-8"))["services"]["probe"]["build"][
        "target"
    ]
    assert f"AS {target}\n" in (ROOT / "Dockerfile").read_text("utf-8")
