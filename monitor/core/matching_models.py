# ruff: noqa: SIM905 - a list of words reads best as one text
"""Names of models: from a number or code with its family, suffixes and memory to the catalogue's GPU, or to no GPU.

A name such as "RTX 3080 12GB" is taken apart once: line geforce, head 3080, no suffix, memory 12. Titles are read
into the same parts, so that "RTX 3080 Ti" is never taken for "RTX 3080", and what the catalogue lacks matches nothing.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from monitor.core.matching_text import fold
from monitor.core.models import Gpu

NONE: frozenset[str] = frozenset()
MEMORY_WORD = re.compile(r"(\d+)gb")
# what may be super without being a Super
PRAISED = frozenset(
    "stan stanie cena zustand preis etat prix estado precio preco stato prezzo staat prijs condition price allapot "
    "allapotban allapotu состояние состоянии стан стані станi цена ціна цiна".split()
)
# a number behind them is a version, no count
VERSIONED = frozenset("pcie pci-e pci express gen dlss fsr directx hdmi dp displayport".split())


@dataclass(frozen=True, kw_only=True, eq=False)
class Model:
    """One model under a head; `name` is `None` where the catalogue does not have it."""

    name: str | None
    memory_gb: frozenset[float]  # empty: any
    named_memory: bool  # the name itself states the memory
    text: str  # what decides: "rtx 3080"


@dataclass(frozen=True, kw_only=True, eq=False)
class Head:
    """All models that share a number or code."""

    text: str
    lines: frozenset[str]  # empty for codes and names, which need no family
    families: frozenset[str]  # that a name goes with ("Titan": geforce)
    suffixes: frozenset[str]  # that tell its models apart
    models: Mapping[tuple[str, frozenset[str]], tuple[Model, ...]]
    sure: bool  # means a GPU without further words
    number: int | None  # the number, where it is one


@dataclass(frozen=True, kw_only=True, eq=False)
class Names:
    """Everything that names say, ready to be looked up."""

    heads: Mapping[str, Head]
    by_name: Mapping[str, Model]
    strong: frozenset[str]
    anywhere: frozenset[str]
    laptop: frozenset[str]
    no_super_before: int
    super_series_before: int
    memory_sizes: frozenset[float]
    makers: frozenset[str]  # of boards
    signs: tuple[str, ...]  # how words begin that are only said of graphics cards


@dataclass(slots=True)
class Mention:
    """One model that a title names; `head` is `None` for a number that the catalogue and titles.toml do not know."""

    head: Head | None
    line: str
    suffixes: frozenset[str]
    at: int
    end: int  # the piece behind it
    bare: bool = False  # a number without family
    listed: bool = False  # "3070/3080": follows another model with only a separator between


@dataclass(slots=True)
class Word:
    """A word or phrase of the lists."""

    name: str
    at: int
    end: int


@dataclass(frozen=True, kw_only=True)
class _Parsed:
    line: str
    head: str
    suffixes: frozenset[str]
    memory_gb: float | None


def name_words(gpus: Mapping[str, Gpu], rules: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """Heads and, among them, codes (letters with digits), as the lexicon needs them."""
    families, suffixes = _meanings(rules)
    heads = {_parse(name, families, suffixes, rules).head for name, _ in _all_names(gpus, rules)}
    heads |= set(rules.get("other_codes", "").split())
    return frozenset(heads), frozenset(head for head in heads if re.fullmatch(r"[a-z]+\d+[a-z]*", head))


def build_names(gpus: Mapping[str, Gpu], rules: Mapping[str, Any]) -> Names:
    """The index of all names and aliases of the catalogue and of the other models that titles.toml lists."""
    families, suffixes = _meanings(rules)
    found: dict[str, dict[tuple[str, frozenset[str]], list[Model]]] = {}
    by_name: dict[str, Model] = {}
    for written, gpu in _all_names(gpus, rules):
        parsed = _parse(written, families, suffixes, rules)
        model = _model(written, gpu, parsed, rules)
        models = found.setdefault(parsed.head, {}).setdefault((parsed.line, parsed.suffixes), [])
        if all(known.name != model.name or known.memory_gb != model.memory_gb for known in models):
            models.append(model)
        if gpu is not None:
            by_name.setdefault(gpu.name, model)
    for code in rules.get("other_codes", "").split():
        found.setdefault(code, {}).setdefault(("", frozenset()), [_nothing(code)])
    sure = frozenset(rules.get("sure_codes", []))
    about = rules.get("suffix_rules", {})
    return Names(
        heads={text: _head(text, models, sure, rules) for text, models in found.items()},
        by_name=by_name,
        strong=frozenset(about.get("strong", [])),
        anywhere=frozenset(about.get("anywhere", [])),
        laptop=frozenset(about.get("laptop", [])),
        no_super_before=about.get("no_super_before", 0),
        super_series_before=about.get("super_series_before", 0),
        memory_sizes=frozenset(map(float, rules.get("memory_sizes", []))),
        makers=frozenset(rules.get("makers", "").split()),
        signs=tuple(rules.get("signs", "").split()),
    )


@lru_cache(maxsize=16_384)
def choose(head: Head, line: str, suffixes: frozenset[str], memories: tuple[float, ...], names: Names) -> Model | str:
    """The model that is meant, or why none: "unknown_model" or "ambiguous"."""
    relevant = suffixes & (head.suffixes | names.strong)
    if "super" in relevant and "super" not in head.suffixes and head.number and head.number < names.no_super_before:
        relevant -= {"super"}
    models = head.models.get((line, relevant))
    if models is None:
        return "unknown_model" if relevant or (line and line not in head.lines) else "ambiguous"
    return _by_memory(models, memories)


def _by_memory(models: tuple[Model, ...], memories: tuple[float, ...]) -> Model | str:
    """The one whose memory the title states; without a size, the one whose name states none."""
    stated = [model for model in models if any(size in model.memory_gb for size in memories)]
    if len(stated) == 1:
        return stated[0]
    if len(stated) > 1:
        plain = [model for model in stated if not model.named_memory]
        return plain[0] if len(plain) == 1 else "ambiguous"
    if memories:
        free = [model for model in models if not model.memory_gb]
        return free[0] if free else "unknown_model"
    plain = [model for model in models if not model.named_memory]
    if len(plain) == 1:
        return plain[0]
    return "ambiguous" if any(model.name for model in models) else "unknown_model"


def _all_names(gpus: Mapping[str, Gpu], rules: Mapping[str, Any]) -> Iterable[tuple[str, Gpu | None]]:
    for gpu in gpus.values():
        yield gpu.name, gpu
        for alias in gpu.aliases:
            yield alias, gpu
    for name in rules.get("others", []):
        yield name, None


def _meanings(rules: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    families = {word: line for line, words in rules.get("families", {}).items() for word in words}
    suffixes = {word: meaning for meaning, words in rules.get("suffixes", {}).items() for word in words}
    return families, suffixes


def _parse(name: str, families: Mapping[str, str], suffixes: Mapping[str, str], rules: Mapping[str, Any]) -> _Parsed:
    """The parts of a name as gpus.toml writes it."""
    words = fold(name).split()
    named = rules.get("named", {})
    head, line, memory, marks = "", "", None, set[str]()
    for at, word in enumerate(words):
        if size := MEMORY_WORD.fullmatch(word):
            memory = float(size[1])
        elif word in named and not head:
            head = word
            marks |= {before for before in words[:at] if before in ("gtx", "rtx")}
        elif head in named and (word.isalnum() and (word in families or word[0].isdigit() or word[-1].isdigit())):
            marks.add(word)
        elif word in suffixes:
            marks.add(suffixes[word])
        elif word in families and not head:
            line = families[word]
        elif not head:
            head, glued = _number_and_suffix(word, suffixes)
            marks |= glued
    needs_line = head.isdigit()
    return _Parsed(line=line if needs_line else "", head=head, suffixes=frozenset(marks - {""}), memory_gb=memory)


def _number_and_suffix(word: str, suffixes: Mapping[str, str]) -> tuple[str, set[str]]:
    """ "290x" is the number 290 with the suffix x; "a100" is a code."""
    found = re.fullmatch(r"(\d{3,4})([a-z]+)", word)
    if found and found[2] in suffixes:
        return found[1], {suffixes[found[2]]}
    return word, set()


def _model(written: str, gpu: Gpu | None, parsed: _Parsed, rules: Mapping[str, Any]) -> Model:
    if gpu is None:
        sizes = frozenset([parsed.memory_gb] if parsed.memory_gb else [])
        return Model(name=None, memory_gb=sizes, named_memory=parsed.memory_gb is not None, text=fold(written))
    own = MEMORY_WORD.search(fold(gpu.name))
    also = rules.get("memory", {}).get(gpu.name, [])
    sizes = frozenset([gpu.memory_gb, *map(float, also)])
    return Model(name=gpu.name, memory_gb=sizes, named_memory=own is not None, text=fold(written))


def _nothing(code: str) -> Model:
    return Model(name=None, memory_gb=frozenset(), named_memory=False, text=code)


def _head(
    text: str, models: Mapping[tuple[str, frozenset[str]], list[Model]], sure: frozenset[str], rules: Mapping[str, Any]
) -> Head:
    return Head(
        text=text,
        families=frozenset(rules.get("named", {}).get(text, [])),
        lines=frozenset(line for line, _ in models),
        suffixes=frozenset(mark for _, marks in models for mark in marks),
        models={key: tuple(value) for key, value in models.items()},
        sure=text in sure,
        number=int(text) if text.isdigit() else None,
    )
