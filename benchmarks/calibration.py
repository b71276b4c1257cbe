"""What the probe's calibration is worth, on published rates: each card predicted with all its own rows left out.

    python benchmarks/calibration.py

Reads achieved_peak.csv from the folder that GPU_LIMBO_SHARED names. "prior" is what its class does; "others" adds the
published rates of other cards of its architecture; "own" adds a probe of the card itself (its own published rate with
one percent of noise) and must be right by construction: it says what a probe removes. Coverage is of 80 % intervals.
"""

import sys
from math import exp, log
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitor.catalog import load_catalog
from monitor.core.calibration import Belief, Prior, Reading, model_of_card
from tools.fit_probe_prior import SHARED, fit, rows

Z80 = 1.2816


def main() -> None:
    """Print the table."""
    path = SHARED / "data" / "achieved_peak.csv"
    everything = rows(path, shippable=True) + rows(path, shippable=False)
    catalog = load_catalog()
    gpus = {**catalog.reference, **catalog.gpus}
    table: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for name in sorted({gpu.name for gpu, _, _ in everything}):
        rest = [row for row in everything if row[0].name != name]
        mine = [row for row in everything if row[0].name == name]
        priors = {key: Prior(mean=mean, sd=sd, n=n) for key, (mean, sd, n) in fit(rest).items()}
        for resource in ("compute", "memory"):
            values = [value for gpu, kind, value in mine if kind == resource]
            if not values or ("any", resource) not in priors:
                continue
            truth = float(np.median(values))
            for what, belief in _beliefs(name, resource, rest, truth, priors, gpus).items():
                table.setdefault((resource, what), []).append((belief.mean - truth, belief.sd))
    print(f"{'resource':10s} {'known':8s} {'cards':>5s} {'median error':>13s} {'p90 error':>10s} {'coverage':>9s}")
    for (resource, what), found in sorted(table.items()):
        errors = np.array([abs(exp(error) - 1) for error, _ in found])
        inside = np.mean([abs(error) < Z80 * np.hypot(sd, 0.0) for error, sd in found])
        print(
            f"{resource:10s} {what:8s} {len(found):5d} {np.median(errors):13.3f} {np.quantile(errors, 0.9):10.3f} "
            f"{inside:9.2f}"
        )


def _beliefs(name: str, resource: str, rest: list, truth: float, priors: dict, gpus: dict) -> dict[str, Belief]:
    gpu = gpus[name]
    readings = [
        Reading(gpu=other.name, resource=kind, log_ratio=value, sd=0.05, healthy=True, origin=f"{other.name}-{i}")
        for i, (other, kind, value) in enumerate(rest)
    ]
    own = Reading(gpu=name, resource=resource, log_ratio=truth + log(1.01), sd=0.015, healthy=True, origin="probe")
    return {
        "prior": model_of_card([], gpu, resource, priors, gpus),
        "others": model_of_card(readings, gpu, resource, priors, gpus),
        "own": model_of_card([*readings, own], gpu, resource, priors, gpus),
    }


if __name__ == "__main__":
    main()
