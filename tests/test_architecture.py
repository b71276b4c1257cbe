"""The house rules, checked: who imports whom, how long things are, and that what exists is documented."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
FORBIDDEN_AT_RUN_TIME = {
    "pynvml",
    "plotly",
    "streamlit-echarts",
    "streamlit-authenticator",
    "lifelines",
    "statsforecast",
}


def locked(name: str) -> dict[str, str]:
    """Package -> first locked version in a lock file."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return dict(line.split(" ")[0].split("==") for line in reversed(lines) if "==" in line and not line.startswith(" "))


def test_imports_follow_the_contracts() -> None:
    done = subprocess.run([BIN / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_files_and_functions_stay_short() -> None:
    done = subprocess.run([sys.executable, "tools/check_sizes.py"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_carry_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z0-9])", text.strip()))


def test_the_run_time_set_leaves_out_what_the_design_forbids() -> None:
    assert not FORBIDDEN_AT_RUN_TIME & set(locked("requirements.lock"))


def test_every_direct_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[\[>=<;~ ]", spec)[0].lower() for spec in project["dependencies"]}
    assert names <= set(locked("requirements.lock"))


def test_every_setting_stands_in_the_readme() -> None:
    from monitor.settings import PREFIX, Settings

    readme = (ROOT / "README.md").read_text("utf-8")
    missing = [name for name in Settings.model_fields if f"`{PREFIX}{name.upper()}`" not in readme]
    assert not missing


def test_every_command_stands_in_the_readme_and_has_an_example() -> None:
    from monitor.cli import COMMANDS, cli

    readme = (ROOT / "README.md").read_text("utf-8")
    assert not [name for name in COMMANDS if f"`{name}" not in readme]
    import click

    context = click.Context(cli)
    without = []
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        commands = list(command.commands.values()) if isinstance(command, click.Group) else [command]
        without += [f"{name} {c.name}" for c in commands if "gpu-limbo" not in (c.epilog or "")]
    assert not without


def test_help_answers_quickly_because_heavy_modules_are_not_imported() -> None:
    code = (
        "import sys; from monitor.cli import run; run(['--help']); "
        "heavy = {'pandas', 'numpy', 'scipy', 'streamlit', 'sqlmodel', 'sqlalchemy', 'scrapy', 'apprise', 'pydantic'}; "
        "heavy &= set(sys.modules); "
        "sys.exit(f'imported for --help: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_no_tracked_text_names_a_registry_or_a_path_of_one_machine() -> None:
    hosts = "|".join(
        ["py" + "pi.org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian.org", "security." + "debian.org"]
    )
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    found = []
    for name in filter(None, files):
        path = ROOT / name
        if path.suffix in {".gz", ".png"} or not path.is_file():
            continue
        text = path.read_text("utf-8", errors="replace")
        if re.search(hosts, text) or re.search(r"(^|[\s\"'(=])/(work|farm|tmp/[a-z])/", text):
            found.append(name)
    assert not found
