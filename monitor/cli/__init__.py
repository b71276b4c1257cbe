"""The command line: one file per group, loaded when called, so that `--help` is quick.

Exit codes: 0 good, 1 nothing found or bad data, 2 wrong use (the probe adds 3 and 4, see errors.py).
"""

import importlib
import sys
from collections.abc import Sequence

import click

from monitor import __version__
from monitor.cli.terminal import wrapped
from monitor.errors import MonitorError

COMMANDS = {
    "up": "monitor.cli.service",
    "password": "monitor.cli.password",
    "doctor": "monitor.cli.service",
    "crawl": "monitor.cli.crawl",
    "sources": "monitor.cli.sources",
    "extract": "monitor.cli.extract",
    "match": "monitor.cli.match",
    "headline": "monitor.cli.headline",
    "import": "monitor.cli.prices",
    "db": "monitor.cli.prices",
    "score": "monitor.cli.value",
    "estimate": "monitor.cli.value",
    "build": "monitor.cli.machine",
    "rent": "monitor.cli.rent",
    "decide": "monitor.cli.signal",
    "backtest": "monitor.cli.backtest",
    "alerts": "monitor.cli.alerts",
}


class LazyGroup(click.Group):
    """Imports a command's module only when that command (or the list of all) is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name])
        return getattr(module, f"{cmd_name}_command")


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: gpu-limbo decide --goal lora-8b-home",
)
@click.version_option(__version__, prog_name="gpu-limbo")
def cli() -> None:
    """When to buy a GPU for deep learning, and which one."""


def run(args: Sequence[str]) -> int:
    """Run one command and return its exit code; a foreseen failure is one sentence on stderr."""
    try:
        result = cli.main(args=list(args), prog_name="gpu-limbo", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        return 130
    except click.ClickException as error:
        error.show(file=sys.stderr)
        return error.exit_code
    except MonitorError as error:
        click.echo(wrapped(f"gpu-limbo: {error}", 2, sys.stderr), err=True)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    return result if isinstance(result, int) else 0
