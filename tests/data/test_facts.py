"""Invariants of the shipped facts: sources present, units sane, order of launches, names that mean one thing."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from monitor.catalog import FACTS, load_catalog, read_catalog
from monitor.errors import CatalogError, UsageError

CATALOG = load_catalog()
EVERY = [*CATALOG.gpus.values(), *CATALOG.reference.values()]
RANGES = {  # low, high: outside is a wrong unit or a typing error
    "memory_gb": (1, 600),
    "bandwidth_gb_s": (50, 10_000),
    "fp32_tflops": (1, 200),
    "fp16_tflops": (10, 5_000),
    "fp8_tflops": (40, 10_000),
    "power_watts": (40, 1_500),
    "msrp_usd": (80, 60_000),
}


@pytest.mark.parametrize("gpu", EVERY, ids=lambda gpu: gpu.name)
def test_every_fact_has_a_source_and_a_sane_unit(gpu):
    for fact in FACTS:
        assert (getattr(gpu, fact) is None) == (fact not in gpu.sources), fact
    for fact, (low, high) in RANGES.items():
        value = getattr(gpu, fact)
        assert value is None or low <= value <= high, (fact, value)


@pytest.mark.parametrize("gpu", EVERY, ids=lambda gpu: gpu.name)
def test_rates_of_one_card_agree_with_each_other(gpu):
    if gpu.fp32_tflops and gpu.fp16_tflops:
        assert 1 <= gpu.fp16_tflops / gpu.fp32_tflops <= 45
    if gpu.fp16_tflops and gpu.fp8_tflops:
        assert 0.99 <= gpu.fp8_tflops / gpu.fp16_tflops <= 4
    if gpu.announced_on and gpu.launched_on:
        assert gpu.announced_on <= gpu.launched_on


@pytest.mark.parametrize("gpu", CATALOG.gpus.values(), ids=lambda gpu: gpu.name)
def test_predecessor_came_before(gpu):
    assert gpu.launched_on is not None
    assert date(2012, 1, 1) <= gpu.launched_on <= date(2026, 11, 1)
    if gpu.predecessor:
        before = CATALOG.gpus[gpu.predecessor]
        assert before.launched_on < gpu.launched_on
        assert before.vendor == gpu.vendor


def test_a_slug_means_one_gpu():
    assert len({gpu.slug for gpu in EVERY}) == len(EVERY)


def test_the_catalogue_agrees_with_the_list_of_launches(shared: Path):
    with (shared / "data" / "gpu_launches.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 136
    for row in rows:
        gpu = CATALOG.gpus[row["name"]]
        assert gpu.launched_on.isoformat() == row["launch_date"], row["name"]
        assert gpu.memory_gb == float(row["vram_gb"]), row["name"]
        assert gpu.bandwidth_gb_s == float(row["mem_bw_gbs"]), row["name"]
        assert gpu.msrp_usd == (float(row["msrp_usd"]) if row["msrp_usd"] else None), row["name"]
        assert gpu.fp16_tflops == (float(row["fp16_tensor_tflops"]) if row["fp16_tensor_tflops"] else None)


def test_every_measured_accelerator_is_known(shared: Path):
    with (shared / "data" / "benchmarks_dev.csv").open(encoding="utf-8") as file:
        names = {row["gpu"] for row in csv.DictReader(file)}
    assert {name for name in names if CATALOG.accelerator(name).name != name} == set()


def test_launches_of_an_architecture_agree_with_its_cards():
    for launch in CATALOG.launches:
        for name in launch.gpus:
            gpu = CATALOG.accelerator(name)
            assert gpu.vendor == launch.vendor
            if launch.kind == "on_sale" and gpu.launched_on:
                assert launch.on >= gpu.launched_on or gpu.segment == "datacenter", (launch.name, name)
            if launch.kind == "announced" and gpu.launched_on:
                assert launch.on <= gpu.launched_on, (launch.name, name)


@pytest.mark.parametrize("goal", CATALOG.goals.values(), ids=lambda goal: goal.slug)
def test_a_goal_names_the_size_of_model_that_its_work_has(goal):
    work = CATALOG.workload(goal.workload)
    said = re.findall(r"\b(\d+)b\b", f"{goal.slug.replace('-', ' ')} {goal.title}".lower())
    assert all(float(size) == pytest.approx(work.params_m / 1000, rel=0.06) for size in said)


def test_a_goal_is_still_known_by_its_former_name():
    assert CATALOG.goal("lora-7b-home") is CATALOG.goal("lora-8b-home")


def test_goals_speak_of_workloads_that_exist():
    assert len(CATALOG.goals) >= 5
    for goal in CATALOG.goals.values():
        assert CATALOG.workload(goal.workload)
        assert 0 < goal.delay_cost_per_week < 0.2


def test_cloud_accelerators_stand_apart():
    apart = {name for name, gpu in CATALOG.gpus.items() if gpu.segment == "accelerator"}
    assert apart == {"TPU v4", "TPU v5e", "TPU v5p", "TPU v6e", "Trainium 2", "Gaudi 2", "Gaudi 3"}


@pytest.mark.parametrize("name", ["RTX 4090", "rtx-4090", "rtx4090", "Rtx 4090"])
def test_a_name_may_be_written_freely(name):
    assert CATALOG.gpu(name).name == "RTX 4090"


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean RTX 4090"):
        CATALOG.gpu("RTX 4091")


@pytest.mark.parametrize(
    ("written", "first"), [("3090", "RTX 3090, RTX 3090 Ti"), ("H100", "H100 [A-Z]"), ("5080", "RTX 5080")]
)
def test_cards_that_hold_what_was_written_are_named_before_those_that_only_look_like_it(written, first):
    with pytest.raises(UsageError, match=f"did you mean {first}"):
        CATALOG.accelerator(written)


NEW_CARD = """
[[gpu]]
name = "RTX 6090"
vendor = "NVIDIA"
segment = "consumer"
architecture = "Rubin"
memory_gb = 48
bandwidth_gb_s = 3000
tier = "geforce-flagship"
predecessor = "RTX 5090"
launched_on = 2027-01-30
sources = { specs = "vendor" }
"""

BROKEN = [
    ("gpus.toml", "[[gpu]\n", r"gpus\.toml cannot be read"),
    (
        "gpus.toml",
        NEW_CARD.replace("memory_gb", "memory_mb"),
        r"gpus\.toml, gpu RTX 6090: 'memory_mb' is not a field; did",
    ),
    ("gpus.toml", NEW_CARD.replace("48", '"much"'), r"gpus\.toml, gpu RTX 6090: memory_gb: .*correct the entry"),
    ("gpus.toml", NEW_CARD.replace('"vendor" }', '"hearsay" }'), r"RTX 6090: memory_gb names the source 'hearsay'"),
    ("gpus.toml", NEW_CARD.replace('specs = "vendor"', ""), r"RTX 6090: memory_gb has no source"),
    (
        "gpus.toml",
        NEW_CARD.replace("RTX 5090", "RTX 5091"),
        r"RTX 6090: the predecessor 'RTX 5091' is not listed; did you",
    ),
    ("gpus.toml", NEW_CARD.replace("2027", "2024"), r"RTX 6090: launched no later than its predecessor"),
    ("gpus.toml", NEW_CARD.replace('"RTX 6090"', '"RTX 4090"'), r"gpu RTX 4090 is there twice"),
    ("gpus.toml", NEW_CARD + 'aliases = ["RTX4090"]\n', r"'RTX4090' already means RTX 4090"),
    (
        "goals.toml",
        '[[goal]]\nslug = "x"\ntitle = "x"\nworkload = "lora-8c"\n',
        r"goals\.toml, x: .*'lora-8c'; did you mean lora",
    ),
    ("launches.toml", '[[launch]]\nname = "x"\n', r"launches\.toml, launch x: vendor"),
]


def copied(folder: Path, name: str, added: str) -> Path:
    """A copy of the shipped files with something appended to one of them."""
    import monitor.catalog

    for path in monitor.catalog.DATA.glob("*.toml"):
        (folder / path.name).write_text(path.read_text("utf-8") + (added if path.name == name else ""), "utf-8")
    return folder


def test_a_newer_card_is_one_entry(tmp_path):
    catalog = read_catalog(copied(tmp_path, "gpus.toml", NEW_CARD))
    assert catalog.gpu("RTX 6090").predecessor == "RTX 5090"


@pytest.mark.parametrize(("name", "added", "message"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_is_named_with_its_entry_and_what_to_do(tmp_path, name, added, message):
    with pytest.raises(CatalogError, match=message):
        read_catalog(copied(tmp_path, name, added))


def test_a_missing_file_is_named(tmp_path):
    copied(tmp_path, "gpus.toml", "")
    (tmp_path / "goals.toml").unlink()
    with pytest.raises(CatalogError, match=r"goals\.toml is missing"):
        read_catalog(tmp_path)
