"""`gpu-limbo up` and `gpu-limbo doctor`: run the service, and say what is wrong with it."""

import json

import click


@click.command(
    "up",
    short_help="Run scheduler and dashboard until Ctrl-C.",
    epilog="Examples: gpu-limbo up --port 8600; gpu-limbo up --demo",
)
@click.option("--host", help="Address that the dashboard listens on (default: GPU_LIMBO_HOST, 127.0.0.1).")
@click.option("--port", type=click.IntRange(1, 65535), help="Its port (default: GPU_LIMBO_PORT, 8501).")
@click.option("--demo", is_flag=True, help="Replay shipped history in two minutes, in a home of its own.")
@click.option("--speed", type=click.FloatRange(0.1, 1000), default=1.0, help="With --demo: 2 takes one minute.")
def up_command(host: str | None, port: int | None, demo: bool, speed: float) -> int:
    """Run the scheduler and the dashboard until Ctrl-C; both are started again when they die.

    With --demo the dashboard shows a replay instead: the winter of 2017 in Germany, then cloud rental from 2022 on,
    with a moving clock, calls that change and letters in a mailbox. It touches nothing of yours and needs no network.
    """
    import logging

    from monitor import supervisor
    from monitor.access import access_of
    from monitor.settings import load_settings

    settings = load_settings()
    host, port = host or settings.host, port or settings.port
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if demo:
        from monitor.cli.demo import run_demo

        return run_demo(host, port, speed)
    access_of(settings, host)  # never open to the world by accident
    supervisor.check_port(host, port)
    stop = supervisor.stop_on_signals()
    shown = f"[{host}]" if ":" in host else {"0.0.0.0": "127.0.0.1"}.get(host, host)

    def make_ready() -> None:
        from monitor.jobs.start import begin  # slow to import: the dashboard loads meanwhile

        if said := begin(settings):
            click.echo(said, err=True)
        supervisor.wait_for_port(host, port, stop)
        click.echo(f"gpu-limbo: http://{shown}:{port}  (Ctrl-C stops it)")

    supervisor.supervise(supervisor.children(host, port), stop, make_ready)
    click.echo("gpu-limbo: stopped", err=True)
    return 0


@click.command(
    "doctor", short_help="Check everything, and say what to do.", epilog="Example: gpu-limbo doctor --report"
)
@click.option("--json", "as_json", is_flag=True, help="Print only JSON.")
@click.option("--report", is_flag=True, help="With versions, and without addresses or names: safe to paste in public.")
def doctor_command(as_json: bool, report: bool) -> int:
    """Check settings, database, clock, sources, channels, jobs and GPU, and say what to do."""
    from monitor.cli.checks import check_all, versions
    from monitor.cli.terminal import wrapped
    from monitor.notify.message import one_line

    findings = check_all(private=not report)
    if as_json:
        found = [{"check": f.check, "state": f.state, "text": f.text, "to_do": f.to_do} for f in findings]
        click.echo(json.dumps({"findings": found, **({"versions": versions()} if report else {})}, indent=1))
    else:
        if report:
            click.echo("\n".join(f"{name} {version}" for name, version in versions().items()))
        for finding in findings:
            head = f"{finding.state:5s} {finding.check:10s} "
            text = one_line(finding.text)  # a fault may repeat what a page sent
            click.echo(head + wrapped(" " * len(head) + text, len(head)).lstrip())
            if finding.to_do:
                click.echo(wrapped(f"{'':17s}-> {finding.to_do}", 20))
    return 1 if any(finding.state == "bad" for finding in findings) else 0
