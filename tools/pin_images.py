"""`make pin-images`: look up the digests of the images that the containers are built on, and keep them in `.env`.

A tag is what somebody else may move; a digest is the image itself. Compose reads `.env` beside docker-compose.yml for
its images and build arguments, so that what was looked up once is what is built and run until this is run again. All
other lines of `.env` stay as they are; where no registry answers, nothing is changed.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"\$\{(GPU_LIMBO_\w*IMAGE):-([^}]+)\}")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def main(folder: Path) -> int:
    """Pin what the compose files name; 1 with a sentence where a digest cannot be had."""
    kept = folder / ".env"
    lines = kept.read_text("utf-8").splitlines() if kept.exists() else []
    pinned: dict[str, str] = {}
    for variable, name in images(folder, lines).items():
        found = digest(name)
        if found is None:
            print(
                f"no digest of {name}: no registry answered, and the engine has pulled no such image", file=sys.stderr
            )
            return 1
        pinned[variable] = f"{name}@{found}"
        print(f"{variable}={pinned[variable]}")
    kept.write_text("\n".join(with_values(lines, pinned)) + "\n", "utf-8")
    print(f"kept in {kept.name}; `docker compose up -d --build` builds and runs these")
    return 0


def images(folder: Path, lines: list[str]) -> dict[str, str]:
    """The images that the compose files read from a variable, by that variable: as set in `.env` or the environment,
    else as the files name them; without any digest."""
    text = "".join(path.read_text("utf-8") for path in sorted(folder.glob("docker-compose*.yml")))
    given = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    named = dict(NAMED.findall(text))
    return {name: (os.environ.get(name) or given.get(name) or default).split("@")[0] for name, default in named.items()}


def digest(name: str) -> str | None:
    """What the registry says now; else what the engine remembers of the image that it pulled."""
    asked = _docker("buildx", "imagetools", "inspect", name, "--format", "{{json .Manifest}}")
    remembered = '{{join .RepoDigests " "}}'
    for said in (asked, _docker("image", "inspect", name, "--format", remembered) if not asked else ""):
        if found := DIGEST.search(said):
            return found[0]
    return None


def with_values(lines: list[str], values: Mapping[str, str]) -> list[str]:
    """The lines of an `.env` with these values, each in its old place or at the end."""
    left = dict(values)
    changed = [f"{name}={left.pop(name)}" if (name := line.split("=")[0].strip()) in left else line for line in lines]
    return [*changed, *(f"{name}={value}" for name, value in left.items())]


def _docker(*arguments: str) -> str:
    try:
        done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=120, check=False)
    except FileNotFoundError:
        sys.exit("pin-images needs docker")
    return done.stdout if done.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
