"""`gpu-limbo match`: which GPU a listing's title sells, or why none; and what a person says it is."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import click

from monitor.cli.lines import given_lines
from monitor.cli.terminal import plain
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.catalog import Catalog
    from monitor.core.matching import Match

NO_GPU = "none"


@click.command(
    short_help="Which GPU a title sells, and why.",
    epilog='Examples: gpu-limbo match "ASUS TUF RTX 4090 24GB OC" --json; '
    'gpu-limbo match --learn "RTX 3080" "MSI 3080 10 gigs"',
)
@click.argument("titles", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines.")
@click.option("--learn", metavar="GPU", help=f'Remember that TITLES sell this GPU ("{NO_GPU}": no GPU).')
@click.option("--forget", is_flag=True, help="Forget what was learned about TITLES.")
def match_command(titles: tuple[str, ...], as_json: bool, learn: str | None, forget: bool) -> int:
    """Match TITLES, or one title a line from stdin, to GPUs of the catalogue.

    `reason` names what decided, or why no GPU is sold. What you correct with --learn holds for all offers with that
    title: the stored ones, those that were refused, those of later crawls, and here.
    """
    from monitor.catalog import load_catalog

    if learn is not None and forget:
        raise UsageError("--learn and --forget ask for opposite things: take one of them")

    catalog = load_catalog()
    given: Iterable[str] = titles or given_lines()
    if learn is not None or forget:
        given = list(given)
        _correct(given, learn, catalog, forget=forget)
    known = _corrections()
    found = 0
    for title in given:
        match = _match(title, catalog, known)
        found += match.gpu is not None
        click.echo(_as_json(title, match) if as_json else _as_text(title, match, catalog))
    return 0 if found or learn is not None or forget else 1


def _match(title: str, catalog: "Catalog", known: Mapping[str, str | None]) -> "Match":
    from dataclasses import replace

    from monitor.core.matching import match_title

    match = match_title(title, catalog.matcher)
    usual = " ".join(title.lower().split())
    if known and usual in known:
        gpu, by = known[usual], "corrected by you"
        return replace(match, gpu=gpu, reason=by if gpu else "not_a_gpu", evidence="" if gpu else by)
    return match


def _as_json(title: str, match: "Match") -> str:
    record = {
        "title": title,
        "gpu": match.gpu,
        "quantity": match.quantity,
        "condition": match.condition.value,
        "reason": match.reason,
    }
    return json.dumps(record, ensure_ascii=False)


def _as_text(title: str, match: "Match", catalog: "Catalog") -> str:
    from monitor.core.matching_nearest import nearest_names

    why = f"{match.reason}: {match.evidence}" if match.evidence else match.reason
    if match.gpu is None and (near := nearest_names(title, catalog.matcher)):
        why += f" (names {' or '.join(near)})"
    return f"{match.gpu or '-'}\t{match.condition.value}\t{plain(why)}\t{plain(title)}"


def _correct(titles: Iterable[str], learn: str | None, catalog: "Catalog", *, forget: bool) -> None:
    from monitor.clock import utc_now
    from monitor.core.matching import match_title
    from monitor.ingest import Corrected, correct_title
    from monitor.settings import load_settings
    from monitor.store import repo
    from monitor.store.engine import open_store, session_scope

    gpu = None if learn is None or learn.lower() == NO_GPU else catalog.gpu(learn).name
    done = Corrected()
    with session_scope(open_store(load_settings().database)) as session:
        for title in titles:
            if forget:
                by_itself = match_title(title, catalog.matcher).gpu
                done += Corrected(articles=repo.drop_title_correction(session, title, by_itself))
            else:
                done += correct_title(session, title, gpu, catalog, utc_now())
    if done.articles:
        click.echo(f"Stored articles that follow: {done.articles}", err=True)
    if done.offers:
        waiting = f", {done.waiting} of them in doubt until it is seen again" if done.waiting else ""
        click.echo(f"Refused offers that came in: {done.offers}{waiting}", err=True)


def _corrections() -> dict[str, str | None]:
    """What people said about titles; nothing where there is no database yet or it cannot be read now."""
    from pathlib import Path

    from monitor.errors import MonitorError
    from monitor.settings import load_settings

    url = load_settings().database
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        return {}
    from monitor.store import repo
    from monitor.store.engine import make_engine, session_scope

    try:
        with session_scope(make_engine(url), read_only=True) as session:
            return repo.title_corrections(session)
    except MonitorError as error:
        click.echo(f"gpu-limbo: corrected titles are left out: {error}", err=True)
        return {}
