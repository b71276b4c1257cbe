"""The fitted throughput table and files of measured rows, from disk into the core's values."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from monitor.catalog import load_catalog
from monitor.core import calibration
from monitor.core.benchmark_rows import REFERENCE_CARD, Chips, Labels, Priors, Table
from monitor.core.relative import Scales
from monitor.core.rows_memory import params_from_name
from monitor.core.software import SoftwareFact
from monitor.core.throughput import Family, ThroughputModel, named_works
from monitor.errors import CatalogError, SourceError

if TYPE_CHECKING:
    import pandas as pd

    from monitor.core.throughput_batch import TrainedTable

DATA = Path(__file__).with_name("data")
TEXTS = ("gpu", "workload", "family", "model", "precision", "unit", "source_repo", "software", "interconnect")
NUMBERS = ("n_gpus", "params_m", "batch_size")
MOST_CARDS = 100_000.0
MOST_BATCH, MOST_PARAMS_M = 1e9, 1e8  # a hundred trillion parameters
MAKERS = ("nvidia", "geforce", "amd", "intel")
NEEDED = ("gpu", "workload", "family", "unit")


@cache
def load_throughput_model() -> ThroughputModel:
    """The shipped fit with the relative model over the shipped measured rows, which is learned when it is first asked;
    raises `CatalogError` where a file is not sound."""
    from monitor.core.named_estimates import NamedEstimates

    plain, catalog = load_accounts(), load_catalog()
    reference = catalog.gpus[REFERENCE_CARD]
    relative = NamedEstimates(
        prepare=lambda: _train(measured_rows(None), None),
        gpus=(*catalog.gpus.values(), *catalog.reference.values()),
        workloads=catalog.workloads.values(),
        account_of=lambda workload: named_works([workload], reference, plain).get(workload.slug),
    )
    return replace(plain, relative=relative)


def load_trained(reference: Path | None, asked: Table) -> "TrainedTable":
    """What the rows of `reference` and the shipped ones teach about the asked rows."""
    return _train(measured_rows(reference), asked)


def _train(evidence: Table, asked: Table | None) -> "TrainedTable":
    from monitor.core.throughput_batch import train

    catalog = load_catalog()
    named = named_works(catalog.workloads.values(), catalog.gpus[REFERENCE_CARD], load_accounts())
    chips = Chips(gpus={**catalog.gpus, **catalog.reference})
    return train(evidence, asked, chips, *load_relative_model(), named)


@cache
def _spellings() -> Mapping[str, str]:
    """Every name and alias of a card without spaces, signs and capitals -> its name."""
    catalog = load_catalog()
    cards = [*catalog.gpus.values(), *catalog.reference.values()]
    return {_plain(text): gpu.name for gpu in cards for text in (*gpu.aliases, gpu.name)}


def _card(text: str) -> str:
    """The catalogue's name of a card, or the text itself where none fits it.

    >>> _card("NVIDIA GeForce RTX 4090"), _card("rtx-4090"), _card("RTX 9999")
    ('RTX 4090', 'RTX 4090', 'RTX 9999')
    """
    known, words = _spellings(), text.split()
    while words and _plain(" ".join(words)) not in known and words[0].lower() in MAKERS:
        words = words[1:]
    return known.get(_plain(" ".join(words)), text)


def _plain(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())


@cache
def load_accounts() -> ThroughputModel:
    """The shipped fit by account alone: what programs reach of the roofline, without any measured row."""
    raw = _read_toml()
    try:
        families = {name: _family(entry) for name, entry in raw["family"].items()}
        return ThroughputModel(families=families, fitted_on=str(raw["fitted_on"]), software=_software(raw))
    except (KeyError, TypeError) as error:
        raise CatalogError(f"throughput.toml lacks or misspells {error}; run tools/fit_throughput.py") from None


@cache
def load_probe_priors() -> calibration.Priors:
    """What healthy cards reach of their datasheets, by class and resource; raises `CatalogError`."""
    try:
        raw = tomllib.loads((DATA / "probe.toml").read_text("utf-8"))
        return {
            (entry["class"], entry["resource"]): calibration.Prior(mean=entry["mean"], sd=entry["sd"], n=entry["n"])
            for entry in raw["prior"]
        }
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CatalogError(f"probe.toml cannot be read ({error}); run tools/fit_probe_prior.py") from None


def _software(raw: Mapping[str, Any]) -> tuple[SoftwareFact, ...]:
    return tuple(SoftwareFact(**{**fact, "chips": tuple(fact["chips"])}) for fact in raw["software"])


def _family(entry: Mapping[str, Any]) -> Family:
    compute, memory, overhead = entry.get("weights", (1.0, 1.0, 1.0))
    return Family(**{**entry, "weights": (float(compute), float(memory), float(overhead))})


@cache
def load_relative_model() -> tuple[Priors, Scales]:
    """Priors and scales of the relative model."""
    raw = _read_toml()
    try:
        shares = {name: (float(a), float(b), float(c)) for name, (a, b, c) in raw["shares"].items()}
        priors = Priors(
            shares=shares,
            noise=raw["noise"],
            noise_per_submission=raw["noise_per_submission"],
            runtimes=raw["runtimes"],
            family_words=raw["family_words"],
            software=_software(raw),
            year=int(str(raw["fitted_on"])[:4]),
        )
        return priors, Scales(**raw["relative"])
    except (KeyError, TypeError, ValueError) as error:
        raise CatalogError(f"throughput.toml lacks or misspells {error}; run tools/fit_throughput.py") from None


def measured_rows(reference: Path | None) -> Table:
    """Measured rows to learn from: those of `reference`, and the shipped ones of cards and work that it lacks."""
    import pandas as pd

    anchors = pd.read_csv(DATA / "throughput_anchors.csv", keep_default_na=False, na_values=[""])
    if reference is None:
        return table_of(anchors, measured=True)
    try:
        frame = pd.read_csv(reference, keep_default_na=False, na_values=[""])
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise SourceError(f"{reference} cannot be read as CSV: {getattr(error, 'strerror', None) or error}") from None
    if missing := [name for name in (*NEEDED, "value") if name not in frame.columns]:
        raise SourceError(f"{reference} has no column {missing[0]!r}; it needs the columns of a benchmark table")
    known = frame["workload"].astype(str)
    both: Any = pd.concat([frame, anchors[~anchors["workload"].isin(known)]], ignore_index=True)
    return table_of(both, measured=True)


def table_of(frame: "pd.DataFrame", *, measured: bool) -> Table:
    """A benchmark file's rows; `measured` says whether its values are read at all.

    A number that cannot be (no batch, a billion cards) marks its row as impossible. Raises `SourceError` where a
    column is missing.
    """
    for name in NEEDED:
        if name not in frame.columns:
            raise SourceError(f"the file has no column {name!r}; it needs the columns of a benchmark table")
    texts = {name: _labels(frame, name) for name in TEXTS}
    numbers = {name: _numbers(frame, name) for name in NUMBERS}
    said = np.array([params_from_name(name) for name in texts["model"].names])[texts["model"].codes]
    numbers["params_m"] = np.where(np.isnan(numbers["params_m"]), said, numbers["params_m"])
    higher = _truths(frame, "higher_is_better")
    rates = np.full(len(frame), np.nan)
    if measured:
        values = _numbers(frame, "value")
        with np.errstate(invalid="ignore", divide="ignore"):
            rates = np.where(values > 0, np.log(values), np.nan) * np.where(higher > 0, 1.0, -1.0)
    cards = np.nan_to_num(numbers["n_gpus"], nan=1.0)
    with np.errstate(invalid="ignore"):
        impossible = (cards < 1) | (cards > MOST_CARDS)
        for name, most in (("batch_size", MOST_BATCH), ("params_m", MOST_PARAMS_M)):
            impossible |= (numbers[name] <= 0) | (numbers[name] > most)
            numbers[name] = np.where(numbers[name] > most, np.nan, numbers[name])
    return Table(
        gpu=Labels(texts["gpu"].codes, tuple(_card(name) for name in texts["gpu"].names)),
        workload=texts["workload"],
        family=texts["family"],
        model=texts["model"],
        precision=texts["precision"],
        unit=texts["unit"],
        source=texts["source_repo"],
        software=texts["software"],
        interconnect=texts["interconnect"],
        n_gpus=np.clip(np.rint(cards), 1.0, MOST_CARDS),
        params_m=numbers["params_m"],
        batch=np.where(numbers["batch_size"] > 0, numbers["batch_size"], np.nan),
        higher_is_better=higher,
        submissions=_submissions(frame),
        log_rate=rates,
        impossible=impossible,
    )


def _labels(frame: "pd.DataFrame", name: str) -> Labels:
    if name not in frame.columns:
        return Labels(np.zeros(len(frame), dtype=np.int64), ("",))
    column = frame[name].astype("category")
    codes = column.cat.codes.to_numpy().astype(np.int64)
    names = tuple(str(text) for text in column.cat.categories)
    return Labels(np.where(codes < 0, len(names), codes), (*names, ""))


def _numbers(frame: "pd.DataFrame", name: str) -> Any:
    import pandas as pd

    if name not in frame.columns:
        return np.full(len(frame), np.nan)
    values: Any = np.asarray(pd.to_numeric(frame[name], errors="coerce"), dtype=np.float64)
    return np.where(np.isfinite(values), values, np.nan)


def _truths(frame: "pd.DataFrame", name: str) -> Any:
    """1.0 where true or missing, 0.0 where the column says false in any of its usual ways."""
    labels = _labels(frame, name)
    lower = np.array([text.strip().lower() in ("false", "0", "no", "f") for text in labels.names])
    return np.where(lower[labels.codes], 0.0, 1.0)


def _submissions(frame: "pd.DataFrame") -> Any:
    """How many users' submissions a row sums up, as its note says; 1 where it does not."""
    labels = _labels(frame, "note")
    counts = np.array([_count(text) for text in labels.names])
    return counts[labels.codes]


def _count(note: str) -> float:
    before = note.partition(" user submission")[0] if " user submission" in note else ""
    last = before.rsplit(" ", 1)[-1]
    return float(last) if last.isdigit() else 1.0


def _read_toml() -> Mapping[str, Any]:
    path = DATA / "throughput.toml"
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise CatalogError(f"{path.name} cannot be read ({error}); run tools/fit_throughput.py") from None
