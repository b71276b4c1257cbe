"""Images pinned by digest: looked up once, kept where Compose reads them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
A, B, NEW = (f"sha256:{letter * 64}" for letter in "abc")
DOCKER = """#!{python}
import json, sys
answer = json.load(open({answers!r})).get(" ".join(sys.argv[1:-2]))
print(answer or "")
sys.exit(answer is None)
"""
Pin = Callable[[dict[str, str]], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def pin(tmp_path: Path) -> Pin:
    """Runs the command over a copy of the compose files, with a `docker` that knows these answers."""
    for name in ("docker-compose.yml", "docker-compose.gpu.yml"):
        shutil.copy(ROOT / name, tmp_path)
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(DOCKER.format(python=sys.executable, answers=str(tmp_path / "answers")))
    program.chmod(0o755)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GPU_LIMBO_")}
    environment["PATH"] = f"{program.parent}:{environment['PATH']}"

    def run(answers: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        (tmp_path / "answers").write_text(json.dumps(answers))
        command = [sys.executable, "tools/pin_images.py", str(tmp_path)]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    return run


def registry(**digests: str) -> dict[str, str]:
    names = {"python": "python:3.13-slim", "postgres": "postgres:17"}
    return {f"buildx imagetools inspect {names[n]}": json.dumps({"digest": d}) for n, d in digests.items()}


def test_both_images_are_pinned_and_the_rest_of_the_file_stays(pin: Pin, tmp_path: Path):
    (tmp_path / ".env").write_text(f"# mine\nGPU_LIMBO_PORT=8600\nGPU_LIMBO_DB_IMAGE=postgres:17@{B}\nX=a=b\n")
    done = pin(registry(python=A, postgres=NEW))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / ".env").read_text().splitlines() == [
        "# mine",
        "GPU_LIMBO_PORT=8600",
        f"GPU_LIMBO_DB_IMAGE=postgres:17@{NEW}",
        "X=a=b",
        f"GPU_LIMBO_BASE_IMAGE=python:3.13-slim@{A}",
    ]
    assert f"python:3.13-slim@{A}" in done.stdout


def test_an_image_of_ones_own_is_the_one_that_is_pinned(pin: Pin, tmp_path: Path):
    (tmp_path / ".env").write_text("GPU_LIMBO_DB_IMAGE=mirror.example/postgres:17.2\n")
    own = {"buildx imagetools inspect mirror.example/postgres:17.2": json.dumps({"digest": B})}
    assert pin(registry(python=A) | own).returncode == 0
    assert f"GPU_LIMBO_DB_IMAGE=mirror.example/postgres:17.2@{B}" in (tmp_path / ".env").read_text()


def test_without_a_registry_what_the_engine_pulled_is_taken(pin: Pin, tmp_path: Path):
    pulled = {f"image inspect {name}": f"{name.split(':')[0]}@{A}" for name in ("python:3.13-slim", "postgres:17")}
    assert pin(pulled).returncode == 0
    assert (tmp_path / ".env").read_text().count(A) == 2


def test_where_nothing_answers_nothing_is_changed(pin: Pin, tmp_path: Path):
    (tmp_path / ".env").write_text("X=1\n")
    done = pin(registry(python=A) | {"image inspect postgres:17": ""})
    assert done.returncode == 1
    assert (tmp_path / ".env").read_text() == "X=1\n"
    assert "no digest of postgres:17" in done.stderr
