"""What `--help` says of every command: an example, whole sentences, 80 columns."""

import re
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.core.alerting import RULES


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


def help_of(*path: str) -> str:
    done = CliRunner().invoke(cli, [*path, "--help"], prog_name="gpu-limbo", env={"COLUMNS": "80"})
    assert done.exit_code == 0
    return done.output


ALL = [(), *commands(cli)]


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_help_fits_a_terminal_cuts_nothing_and_ends_with_an_example(path: tuple[str, ...]) -> None:
    text = help_of(*path)
    assert max(map(len, text.splitlines())) <= 80
    assert "..." not in text.partition("\nCommands:\n")[2]
    example = re.sub(r"\s+", " ", text.rpartition("\n\n")[2])
    assert re.search(r"Examples?: gpu-limbo ", example)


def test_every_kind_of_rule_is_explained_where_one_adds_it() -> None:
    text = help_of("alerts", "rules", "add")
    assert [kind for kind in RULES if not re.search(rf"^  {kind}  +\w", text, re.M)] == []
