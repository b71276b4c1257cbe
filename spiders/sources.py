"""Every source there is: shops.toml, feeds.toml, the clouds, and the user's own file, which may add and override.

A user's own file (`sources.toml` in the home folder) has the layout of shops.toml. `search` in an entry is an address
with `{query}`, asked once for each of the file's `queries`.
"""

import difflib
import json
import os
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from pydantic import TypeAdapter, ValidationError

from monitor.core.countries import country_code
from monitor.core.models import SourceInfo
from monitor.errors import CatalogError, MonitorError, UsageError
from monitor.settings import load_settings

HERE = Path(__file__).parent
KINDS = ("shop", "cloud", "feed")
READERS = ("page", "shopify", "woocommerce", "ebay", "bestbuy", "keepa")  # of shops; see spiders/endpoints
SHOPS = HERE / "shops.toml"
FEEDS = HERE / "feeds.toml"


def load_sources(user_file: Path | None = None) -> dict[str, SourceInfo]:
    """All sources by name. Raises `CatalogError` with file, entry and field where an entry is not sound."""
    from spiders.clouds import CLOUDS  # two dozen modules

    found = read_file(SHOPS, "shop") | {name: reader.source for name, reader in CLOUDS.items()}
    if FEEDS.exists():
        found |= read_file(FEEDS, "feed")
    if user_file is not None and user_file.exists():
        found |= read_file(user_file, "shop")
    return found


def choose(sources: Mapping[str, SourceInfo], names: Iterable[str], kind: str | None = None) -> list[SourceInfo]:
    """The sources of these names, or without names all that are on; only those of `kind` where one is given."""
    wanted = list(names)
    for name in wanted:
        if name not in sources:
            near = difflib.get_close_matches(name, sources, n=3, cutoff=0.4)
            hint = f"; did you mean {', '.join(near)}?" if near else "; see `gpu-limbo sources list`"
            raise UsageError(f"there is no source {name!r}{hint}")
    chosen = [sources[name] for name in dict.fromkeys(wanted)] or [s for s in sources.values() if state_of(s) == "on"]
    return [source for source in chosen if kind is None or source.kind == kind]


def read_key(source: SourceInfo) -> str | None:
    """The user's own key for a source: from its variable, or from the file that `<variable>_FILE` names. "" where the
    source needs none, `None` where it is missing."""
    if not source.key_setting:
        return ""
    if (path := os.environ.get(f"{source.key_setting}_FILE")) and Path(path).is_file():
        return Path(path).read_text("utf-8").strip() or None
    return os.environ.get(source.key_setting, "").strip() or None


def state_of(source: SourceInfo) -> str:
    """What `sources list` says: on, off, or "needs key NAME"."""
    if source.posture == "off":
        return "off"
    return "on" if read_key(source) is not None else f"needs key {source.key_setting}"


def read_file(path: Path, kind: str) -> dict[str, SourceInfo]:
    """The sources that a TOML file names, each checked; entries say their `kind` where it is another."""
    try:
        entries = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(f"{path} cannot be read: {error}; correct or remove it") from None
    defaults = entries.pop("defaults", {})
    return {name: read_entry(name, entry, defaults, kind, path.name) for name, entry in entries.items()}


def read_entry(name: str, entry: Any, defaults: Mapping[str, Any], kind: str, place: str) -> SourceInfo:
    """One checked source from its table in a file called `place`."""
    if not isinstance(entry, dict):
        raise CatalogError(f"{place}: {name!r} must be a table [{name}] with starts, country, currency")
    queries = entry.get("queries", defaults.get("queries", []))
    values = {"kind": kind, **{k: v for k, v in defaults.items() if k != "queries"}, **entry, "name": name}
    search = values.pop("search", "")
    values.pop("queries", None)
    allowed = {field.name for field in fields(SourceInfo)}
    if unknown := sorted(values.keys() - allowed):
        near = difflib.get_close_matches(unknown[0], allowed, n=1)
        raise CatalogError(
            f"{place}, {name}: {unknown[0]!r} is not a field{f'; did you mean {near[0]!r}?' if near else ''}"
        )
    if search:
        values["starts"] = [*values.get("starts", []), *(search.replace("{query}", quote_plus(q)) for q in queries)]
    if isinstance(values.get("country"), str):
        values["country"] = country_code(values["country"])
    try:
        source = _source_checker().validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise CatalogError(
            f"{place}, {name}: {'.'.join(map(str, first['loc']))}: {first['msg']}; correct the entry"
        ) from None
    _check(source, place)
    return source


@cache
def _source_checker() -> TypeAdapter[SourceInfo]:
    return TypeAdapter(SourceInfo)  # takes milliseconds to make


def _check(source: SourceInfo, place: str) -> None:
    problems = {
        "starts: give at least one address": not source.starts,
        "starts: addresses begin with http:// or https://": any(
            not start.startswith(("http://", "https://")) for start in source.starts
        ),
        f"kind: one of {', '.join(KINDS)}": source.kind not in KINDS,
        f"reader: one of {', '.join(READERS)}": source.kind == "shop" and source.reader not in READERS,
        "posture: one of api, robots, off": source.posture not in ("api", "robots", "off"),
        "currency: three capital letters (ISO 4217)": bool(source.currency) and not _is_code(source.currency, 3),
        "country: two capital letters (ISO 3166)": bool(source.country) and not _is_code(source.country, 2),
    }
    for problem, is_so in problems.items():
        if is_so:
            raise CatalogError(f"{place}, {source.name}: {problem}")


def _is_code(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isupper() and text.isalpha()


def main() -> None:
    """`python -m spiders.sources`: one JSON line a source, for the command line, which may not import spiders."""
    user_file = load_settings().home.expanduser() / "sources.toml"
    try:
        sources = load_sources(user_file)
    except MonitorError as error:
        sys.exit(f"{error}")
    for source in sources.values():
        print(json.dumps(asdict(source) | {"state": state_of(source)}, default=str, ensure_ascii=False))


if __name__ == "__main__":
    main()
