"""What the documents say: every command in them runs, every setting stands in the table, every link leads somewhere."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor import cli
from monitor.settings import PREFIX, Settings
from monitor.store import repo
from monitor.store.engine import open_store, session_scope

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    *(f"docs/{n.name}" for n in (ROOT / "docs").glob("*.md")),
]
OURS = ("gpu-limbo", "python -m monitor", "python benchmarks/", "python tools/", "tools/")

# Commands that a test cannot run as they stand, and why; all the same their `--help` must answer and know the options.
ONLY_HELP = {
    "gpu-limbo up": "runs until Ctrl-C: tests/test_end_to_end.py, tests/test_supervisor.py",
    "gpu-limbo crawl": "needs the network: tests/spiders/ crawls from servers on loopback",
    "gpu-limbo sources add": "needs the network: tests/spiders/test_sources.py",
    "gpu-limbo sources check": "needs the network: tests/spiders/test_sources.py",
    "gpu-limbo alerts test": "needs a channel: tests/cli/test_alerts.py",
    "gpu-limbo db move": "needs PostgreSQL: tests/store/test_backup.py",
    "gpu-limbo db restore": "needs a backup: the test of the restore below",
    "gpu-limbo estimate --batch": "needs tables of measured rows: tests/cli/test_value.py",
    "gpu-limbo build": "needs a machine: tests/cli/test_value.py",
    "gpu-limbo password": "asks for a password: tests/dashboard/test_login.py",
    "python -m monitor.probe": "measures for a minute: tests/probe/",
    "gpu-limbo backtest --prices ../shared/data/prices": "minutes: the slow test below",
}
NOT_OURS = {
    "docker": "needs Docker: tools/compose_test.py runs the containers",
    "git": "needs a remote repository",
    "make": "builds an environment from the network; the targets are checked below",
    "pip": "needs the network",
    "pipx": "needs the network",
    "caddy": "another program: tests/test_caddy.py",
    "psql": "another program",
}
# with the backtest of one price: they answer 1, as they should
NOTHING_THERE_YET = ("alerts list", "alerts retry", "decide --gauge")
PLACEHOLDERS = {
    "FILES": "my-prices/",
    "FOLDER": "my-prices/",
    "PATH": "my-prices/",
    "W": "vision-cnn-train",
    "H": "6",
    "G": "'RTX A4000'",
    "/media/disk/backups": "backups",
}
TABLE = re.compile(r"^<!-- (gpu-limbo .*?) -->\n(.*?)\n<!-- -->$", re.M | re.S)


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def commands_in(name: str) -> Iterator[str]:
    """Commands of a document: lines of shell blocks (fenced, or indented by four), and those in running text."""
    text = re.sub(r"<!--.*?-->", "", text_of(name), flags=re.S)
    fenced = re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", text, flags=re.M | re.S)
    lines = [line for block in fenced for line in block.splitlines()]
    lines += re.findall(r"^ {4}((?:gpu-limbo|docker|git|make|python -m monitor|pip) .*)$", text, flags=re.M)
    lines += re.findall(
        r"`((?:gpu-limbo|python -m monitor|python benchmarks/|tools/|docker compose|make) ?[^`\n]*)`", text
    )
    for line in lines:
        for part in line.split("&&"):
            if command := re.sub(r"\s+#.*$", "", part).strip():
                yield command


ALL = sorted({command for name in DOCUMENTS for command in commands_in(name)})
RUN = [command for command in ALL if command.startswith(OURS[:2]) and not any(map(command.startswith, ONLY_HELP))]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the files that the documents' commands name."""
    folder = tmp_path_factory.mktemp("home")
    prices = "observed_on,source,gpu_model,price,currency\n2026-11-01,my-shop,RTX 4090,1599,USD\n"
    (folder / "my-prices.csv").write_text(prices, "utf-8")
    (folder / "my-prices").mkdir()
    (folder / "my-prices" / "prices.csv").write_text(prices, "utf-8")
    (folder / "monitor").symlink_to(ROOT / "monitor")
    (folder / "page.html").write_text("<html><title>Shop</title><body><h1>RTX 4090</h1><p>$1,599.00</p></body></html>")
    return folder


def filled(command: str) -> str:
    """The command with something real in place of the words that stand for it."""
    return " ".join(PLACEHOLDERS.get(word, word) for word in command.split(" "))


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command as somebody types it, in the home folder and with none of this machine's settings."""
    for name in [name for name in os.environ if name.startswith((PREFIX, "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "100")

    def typed(command: str, place: Path = home) -> Done:
        monkeypatch.setenv("GPU_LIMBO_HOME", str(place))
        monkeypatch.chdir(place)
        words = shlex.split(filled(command))
        if words[0] == "python":
            done = subprocess.run([sys.executable, *words[1:]], capture_output=True, text=True, timeout=100)
            return Done(done.returncode, done.stdout, done.stderr)
        capsys.readouterr()
        code = cli.run(words[1:])
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return typed


def test_the_documents_hold_commands():
    assert len(RUN) >= 15
    assert {"gpu-limbo decide --goal lora-8b-home", "gpu-limbo doctor"} <= set(RUN)


SLOW = pytest.mark.slow  # the prices in the box, week by week: some fifteen seconds of work


@pytest.mark.parametrize("command", [pytest.param(c, marks=SLOW if "data/history" in c else ()) for c in RUN])
def test_a_command_of_the_documents_runs(command: str, run: Run):
    done = run(command)
    nothing_found = any(part in filled(command) for part in (*NOTHING_THERE_YET, "backtest --prices my-prices/"))
    expected = (1,) if nothing_found else (0,)
    assert done.code in expected, f"{command}\n{done.out[-800:]}\n{done.err[-800:]}"


def test_a_backup_is_taken_back_as_the_documents_say(run: Run, home: Path, tmp_path: Path):
    [command] = [found for found in ALL if found.startswith("gpu-limbo db restore ")]
    assert run("gpu-limbo db backup backups").code == 0
    backup = next((home / "backups").glob("*.db"))
    done = run(command.replace(command.split()[3], str(backup)), tmp_path)
    assert done.code == 0, done.err


@pytest.mark.parametrize("command", [c for c in ALL if any(map(c.startswith, ONLY_HELP)) and "backtest" not in c])
def test_a_command_that_needs_more_than_a_test_has_is_known_with_its_options(command: str, run: Run):
    start = max((known for known in ONLY_HELP if command.startswith(known)), key=len)
    start = start.split(" --")[0]
    helped = run(f"{start} --help")
    assert helped.code == 0
    for option in re.findall(r"(?<= )--[a-z-]+", command):
        assert option in helped.out, f"{start} knows no {option}"


def test_every_other_command_is_excepted_with_a_reason():
    others = [c for c in ALL if c not in RUN and not any(map(c.startswith, ONLY_HELP)) and not c.startswith(OURS)]
    assert not [command for command in others if shlex.split(command)[0] not in NOT_OURS]


def test_scripts_and_targets_that_the_documents_name_exist():
    targets = re.findall(r"^\.PHONY: (.*)$", text_of("Makefile"), flags=re.M)[0].split()
    for command in ALL:
        words = command.split()
        if words[0] == "make":
            assert words[1] in targets, command
        for word in words:
            if word.startswith(("benchmarks/", "tools/")):
                assert (ROOT / word).exists(), command


# Settings


def settings_table() -> dict[str, str]:
    """Variable -> default, as the README's table says."""
    rows = re.findall(r"^\| `(GPU_LIMBO_\w+)` \|(.*?)\|", text_of("README.md"), flags=re.M)
    assert len(rows) == len(dict(rows)), "a setting stands twice in the table"
    return {name: default.strip() for name, default in rows}


def test_the_table_of_settings_has_each_with_its_default_and_none_more():
    expected = {
        f"{PREFIX}{name.upper()}": f"`{field.default}`" if field.default != "" else ""
        for name, field in Settings.model_fields.items()
    }
    assert settings_table() == expected


def test_no_document_names_a_setting_that_does_not_exist(run: Run):
    listed = run("gpu-limbo sources list --json").out
    keys = set(re.findall(r'"key_setting": "(\w+)"', listed))
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | keys | {"GPU_LIMBO_SHARED"}
    known |= set(re.findall(r"GPU_LIMBO_[A-Z_]+", text_of("docker-compose.yml")))
    for name in DOCUMENTS:
        for found in re.findall(r"\bGPU_LIMBO_[A-Z_]+[A-Z]\b", text_of(name)):
            assert found.removesuffix("_FILE") in known, f"{name}: {found}"


def test_the_counts_of_sources_are_those_of_the_lists(run: Run):
    lines = run("gpu-limbo sources list --json").out.splitlines()
    postures = [(re.findall(r'"kind": "(\w+)"', line)[0], re.findall(r'"posture": "(\w+)"', line)[0]) for line in lines]
    table = re.findall(r"^\| .*? \| (\d+) \| `(\w+)`", text_of("docs/sources.md"), flags=re.M)
    for posture in ("robots", "api", "off"):
        named = sum(int(count) for count, said in table if said == posture)
        beside = 1 if posture == "off" else 0  # the feed that is off is named beside the others
        assert named + beside == sum(found == posture for _, found in postures), posture
    assert f"{postures.count(('shop', 'robots'))} shops" in text_of("README.md")
    assert f"{postures.count(('feed', 'robots'))} news feeds" in text_of("README.md")


# Links and tables


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_inside_the_project_lead_somewhere(name: str):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text_of(name)):
        if "://" not in target:
            assert ((ROOT / name).parent / target).exists(), target


def test_every_printed_table_names_its_command():
    assert [command for command, _ in TABLE.findall(text_of("README.md"))]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_track_record_of_the_readme_is_what_the_command_prints(shared: Path, tmp_path: Path):
    for command, table in TABLE.findall(text_of("README.md")):
        words = [str(shared / "data" / "prices") if "shared" in word else word for word in shlex.split(command)[1:]]
        done = subprocess.run(
            [sys.executable, "-m", "monitor", *words], cwd=ROOT, capture_output=True, text=True, timeout=890
        )
        assert done.stdout.strip() == table.strip()


def test_operations_have_a_section_on_each():
    sections = re.findall(r"^## (.*)$", text_of("docs/operations.md"), flags=re.M)
    assert {"Start", "Upgrade", "Backup", "Restore", "Sizing", "Security"} <= set(sections)


def test_the_example_of_a_rule_is_kept_and_read_back(run: Run, home: Path):
    run('gpu-limbo alerts rules add price_below --gpu "RTX 5090" --below "2000 USD"')
    engine = open_store(f"sqlite:///{home / 'gpu-limbo.db'}")
    with session_scope(engine, read_only=True) as session:
        assert [rule.slug for rule in repo.alert_rules(session) if rule.kind == "price_below"] == [
            "price_below-rtx-5090"
        ]
    engine.dispose()
