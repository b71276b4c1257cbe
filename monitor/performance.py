"""The fitted throughput table and measured anchors, from data/ into the core's values."""

import tomllib
from functools import cache
from pathlib import Path

from monitor.core.throughput import Family, ThroughputModel
from monitor.errors import CatalogError

DATA = Path(__file__).with_name("data")


@cache
def load_throughput_model() -> ThroughputModel:
    """The shipped fit; raises `CatalogError` where the file is not sound."""
    path = DATA / "throughput.toml"
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        families = {name: Family(**entry) for name, entry in raw["family"].items()}
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CatalogError(f"{path.name} cannot be read ({error}); run tools/fit_throughput.py") from None
    return ThroughputModel(families=families, fitted_on=str(raw["fitted_on"]))
