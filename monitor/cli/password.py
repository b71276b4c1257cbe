"""`gpu-limbo password`: what people need who open the dashboard from elsewhere."""

import sys

import click


@click.command("password", short_help="Set the password of the dashboard.", epilog="Example: gpu-limbo password")
@click.option("--viewer", is_flag=True, help="For people who may look and change nothing (default: for owners).")
@click.option("--remove", is_flag=True, help="Forget the password; nobody gets in by it any more.")
def password_command(viewer: bool, remove: bool) -> int:
    """Set the password of the dashboard, asked for or read from standard input; sessions of the old one end.

    Only a hash is kept, in the home folder. A running dashboard asks for the password after its next start.
    """
    from monitor.access import keep_password
    from monitor.errors import UsageError
    from monitor.settings import load_settings

    home, role = load_settings().home.expanduser(), "viewer" if viewer else "owner"
    if remove:
        keep_password(home, role, "")
        click.echo(f"the {role}'s password is forgotten")
        return 0
    if sys.stdin.isatty():
        password = str(click.prompt("New password", hide_input=True, confirmation_prompt=True, err=True))
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise UsageError("no password was given: type one, or send it over standard input")
    keep_password(home, role, password)
    click.echo(f"the {role}'s password is kept; restart the dashboard if it ran without a login")
    return 0
