"""The shipped facts: TOML in, checked Gpu, Launch, Workload and Goal values out.

Files of `data/`: gpus.toml (what has a price), reference.toml (accelerators that are only compared with),
launches.toml, workloads.toml, goals.toml, and titles.toml with titles_words.toml for reading titles.
A newer card is one more entry.
"""

import difflib
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from monitor.core.headlines import HeadlineRules, build_rules
from monitor.core.matching import Matcher, build_matcher
from monitor.core.models import FORMER_GOALS, Goal, Gpu, Launch, Workload
from monitor.errors import CatalogError, UsageError

DATA = Path(__file__).with_name("data")
SPECS = ("memory_gb", "bandwidth_gb_s", "fp32_tflops", "fp16_tflops", "fp8_tflops", "power_watts")
FACTS = (*SPECS, "launched_on", "announced_on", "msrp_usd")  # each needs a source

T = TypeVar("T", Gpu, Launch, Workload, Goal)


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """Everything the project knows by name."""

    gpus: Mapping[str, Gpu]
    reference: Mapping[str, Gpu]  # for estimates only: no title and no price is matched to them
    launches: tuple[Launch, ...]
    workloads: Mapping[str, Workload]
    goals: Mapping[str, Goal]
    title_rules: Mapping[str, Any]

    @cached_property
    def matcher(self) -> Matcher:
        """What `core.matching.match_title` needs; built once."""
        return build_matcher(self.gpus, self.title_rules)

    def gpu(self, name: str) -> Gpu:
        """The catalogue's GPU of that name, slug or alias; raises `UsageError` with the nearest names."""
        return _by_name(self.gpus, name, "GPU")

    def accelerator(self, name: str) -> Gpu:
        """Like `gpu`, among those known for estimates too."""
        return _by_name({**self.gpus, **self.reference}, name, "accelerator")

    def workload(self, slug: str) -> Workload:
        """The workload of that slug; raises `UsageError` with the nearest ones."""
        return _known(self.workloads, slug, "workload")

    def goal(self, slug: str) -> Goal:
        """The shipped goal of that slug, or that had it once; raises `UsageError` with the nearest ones."""
        return _known(self.goals, FORMER_GOALS.get(slug, slug), "goal")


@cache
def load_catalog() -> Catalog:
    """The shipped catalogue; raises `CatalogError` naming file and entry where it is not sound."""
    return read_catalog(DATA)


@cache
def load_headline_rules() -> HeadlineRules:
    """What `core.headlines.read_headline` needs: the words of data/headlines*.toml, the catalogue's names and days."""
    words = {**_toml(DATA / "headlines.toml"), **_toml(DATA / "headlines_words.toml")}
    catalog = load_catalog()
    return build_rules(words, catalog.gpus, [*catalog.gpus.values(), *catalog.reference.values()])


def read_catalog(folder: Path) -> Catalog:
    """The catalogue in a folder of TOML files, checked."""
    gpus = _read_gpus(folder / "gpus.toml")
    reference = _read_gpus(folder / "reference.toml")
    _check_gpus(gpus, folder / "gpus.toml")
    workloads = {item.slug: item for item in _read(folder / "workloads.toml", "workload", Workload, "slug")}
    goals = {item.slug: item for item in _read(folder / "goals.toml", "goal", Goal, "slug")}
    launches = tuple(_read(folder / "launches.toml", "launch", Launch, "name"))
    if both := gpus.keys() & reference.keys():
        raise CatalogError(f"reference.toml: {sorted(both)[0]} stands in gpus.toml too; keep one of them")
    for goal in goals.values():
        if goal.workload not in workloads:
            hint = _nearest(goal.workload, workloads)
            raise CatalogError(f"goals.toml, {goal.slug}: workloads.toml has no {goal.workload!r}{hint}")
    for launch in launches:
        for name in launch.gpus:
            if name not in gpus and name not in reference:
                hint = _nearest(name, gpus)
                raise CatalogError(f"launches.toml, {launch.name}: gpus.toml has no {name!r}{hint}")
    title_rules = {**_toml(folder / "titles.toml"), **_toml(folder / "titles_words.toml")}
    return Catalog(
        gpus=gpus, reference=reference, launches=launches, workloads=workloads, goals=goals, title_rules=title_rules
    )


def _read_gpus(path: Path) -> dict[str, Gpu]:
    """The [[gpu]] entries by name, each fact with the text of its source."""
    named = _toml(path).get("sources", {})
    found: dict[str, Gpu] = {}
    for gpu in _read(path, "gpu", Gpu, "name"):
        found[gpu.name] = _with_sources(gpu, named, path)
    return found


def _with_sources(gpu: Gpu, named: Mapping[str, str], path: Path) -> Gpu:
    sources: dict[str, str] = {}
    for fact in FACTS:
        if getattr(gpu, fact) is None:
            continue
        key = gpu.sources.get(fact) or gpu.sources.get("specs")
        if key is None or key not in named:
            problem = f"names the source {key!r}, which [sources] lacks" if key else "has no source"
            raise CatalogError(f"{path.name}, {gpu.name}: {fact} {problem}; add it to `sources`")
        sources[fact] = named[key]
    return replace(gpu, sources=sources)


def _check_gpus(gpus: Mapping[str, Gpu], path: Path) -> None:
    """Predecessors exist and came earlier; a name or alias means one GPU."""
    owners: dict[str, str] = {}
    for gpu in gpus.values():
        for name in (gpu.name, *gpu.aliases):
            owner = owners.setdefault(_plain(name), gpu.name)
            if owner != gpu.name:
                raise CatalogError(f"{path.name}, {gpu.name}: {name!r} already means {owner}; remove one of the two")
        if gpu.predecessor is None:
            continue
        before = gpus.get(gpu.predecessor)
        if before is None:
            hint = _nearest(gpu.predecessor, gpus)
            raise CatalogError(f"{path.name}, {gpu.name}: the predecessor {gpu.predecessor!r} is not listed{hint}")
        if before.launched_on and gpu.launched_on and before.launched_on >= gpu.launched_on:
            raise CatalogError(f"{path.name}, {gpu.name}: launched no later than its predecessor; correct one date")


def _read(path: Path, table: str, kind: type[T], key: str) -> list[T]:
    """The entries of one table as values; raises `CatalogError` at the first that is not sound."""
    adapter = TypeAdapter(kind)
    allowed = {field.name for field in fields(kind)}
    found: list[T] = []
    seen: set[str] = set()
    for number, entry in enumerate(_toml(path).get(table, []), start=1):
        name = str(entry.get(key, f"number {number}"))
        if unknown := entry.keys() - allowed:
            wrong = sorted(unknown)[0]
            raise CatalogError(f"{path.name}, {table} {name}: {wrong!r} is not a field{_nearest(wrong, allowed)}")
        if name in seen:
            raise CatalogError(f"{path.name}: {table} {name} is there twice; remove one")
        seen.add(name)
        try:
            filled = dict.fromkeys(_optional(kind)) | entry
            found.append(adapter.validate_python(filled))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise CatalogError(f"{path.name}, {table} {name}: {where}: {first['msg']}; correct the entry") from None
    return found


def _optional(kind: type) -> list[str]:
    """Fields that may be left out in a file because `None` is a value of theirs."""
    return [field.name for field in fields(kind) if "None" in str(field.type)]


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CatalogError(f"{path} is missing; install the project again or restore the file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(f"{path} cannot be read: {error}; correct or restore the file") from None


def _by_name(items: Mapping[str, Gpu], name: str, what: str) -> Gpu:
    if name in items:
        return items[name]
    plain = _plain(name)
    for gpu in items.values():
        if plain in (_plain(gpu.name), *map(_plain, gpu.aliases)):
            return gpu
    return _known(items, name, what)


def _known(items: Mapping[str, Any], name: str, what: str) -> Any:
    if name in items:
        return items[name]
    raise UsageError(f"there is no {what} {name!r}{_nearest(name, items)}")


def _nearest(name: str, known: Collection[str]) -> str:
    """ "; did you mean ...?", or the whole list where nothing is near. Names that hold what was written come first."""
    by_plain, plain = {_plain(item): item for item in known}, _plain(name)
    holding = sorted((item for item in by_plain if plain and plain in item), key=lambda item: (len(item), item))
    near = [*holding, *(n for n in difflib.get_close_matches(plain, by_plain, n=3, cutoff=0.5) if plain not in n)][:3]
    if near:
        return f"; did you mean {_listed(by_plain[item] for item in near)}?"
    return f"; known: {_listed(sorted(known)[:40])}" if known else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _plain(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())
