"""Cloud answers: saved ones against the prices that were worked out by hand, and small ones for each unit trap."""

import csv
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.catalog import load_catalog
from monitor.core.models import Billing
from spiders.cloud_answers import Answer, BadRow
from spiders.clouds import CLOUDS

SAVED = {
    "aws_on_demand_us_east_1.csv": "aws",
    "azure_linux_on_demand.csv": "azure",
    "azure_retail_prices.json": "azure",
    "digitalocean_sizes.json": "digitalocean",
    "gcp_billing_skus.json": "gcp",
    "jarvislabs_server_meta.json": "jarvislabs",
    "lambda_instance_types.json": "lambda",
    "primeintellect_A100_80GB_PCIe.jsonl": "primeintellect",
    "primeintellect_H100_80GB_SXM5.jsonl": "primeintellect",
    "primeintellect_H200_141GB.jsonl": "primeintellect",
    "seeweb_plans.json": "seeweb",
    "vastai_bundles.json": "vastai",
    "verda_instance_types.json": "verda",
    "vultr_plans.json": "vultr",
    "vultr_plans_metal.json": "vultr",
}


@pytest.mark.parametrize("file", SAVED)
def test_a_saved_answer_reads_as_worked_out_by_hand(shared: Path, file: str) -> None:
    folder = shared / "data" / "cloud"
    answer = CLOUDS[SAVED[file]].parse((folder / file).read_bytes())
    assert answer.offers
    with (folder / "expected.csv").open(encoding="utf-8") as lines:
        expected = {
            (row["gpu"], int(row["gpus"]), Decimal(row["price_usd_per_gpu_hour"]), row["kind"], _region(row["region"]))
            for row in csv.DictReader(lines)
            if row["file"] == file
        }
    found = {(o.gpu, o.quantity, o.price.amount, o.billing.value, o.region) for o in answer.offers}
    assert expected <= found


def test_every_saved_answer_is_tried(shared: Path) -> None:
    files = {path.name for path in (shared / "data" / "cloud").iterdir()} - {"manifest.csv", "expected.csv"}
    assert files == set(SAVED)


@pytest.mark.parametrize("file", SAVED)
def test_no_gpu_of_a_saved_answer_has_two_prices_for_one_machine(shared: Path, file: str) -> None:
    answer = CLOUDS[SAVED[file]].parse((shared / "data" / "cloud" / file).read_bytes())
    by_machine: dict[object, set[object]] = defaultdict(set)
    for o in answer.offers:
        by_machine[(o.gpu, o.quantity, o.billing, o.region, o.sku, o.title, o.basis)].add(o.price)
    assert all(len(found) == 1 for found in by_machine.values())


def _region(text: str) -> str:
    return "" if text.startswith("last record") else text


# --- what no answer may do --------------------------------------------------------------------------------------------

BROKEN = [b"", b"null", b"[]", b"{}", b"<html>Access denied</html>", b"\xff\xfe\x00", b"[" * 5000, b'{"a":', b"1",
          b'"text"', b"[null, 1, {}]", b"a,b\n1,2\n", b'{"data": null}', b'{"error": "unauthorized"}']  # fmt: skip


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("payload", BROKEN)
def test_a_broken_answer_never_raises(cloud: str, payload: bytes) -> None:
    assert CLOUDS[cloud].parse(payload).offers == ()


@pytest.mark.parametrize("file", SAVED)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_mangled_row_is_rejected_and_the_others_are_kept(shared: Path, file: str, data: st.DataObject) -> None:
    """Replace any one value anywhere in a saved answer by anything: no exception, only real prices."""
    raw = (shared / "data" / "cloud" / file).read_text("utf-8")
    if file.endswith(("csv", "jsonl")):
        position = data.draw(st.integers(0, len(raw) - 1))
        answer = CLOUDS[SAVED[file]].parse(raw[:position] + data.draw(st.text(max_size=3)) + raw[position + 2 :])
    else:
        answer = CLOUDS[SAVED[file]].parse(_mangled(json.loads(raw), data))
    names = load_catalog().gpus.keys() | load_catalog().reference.keys()
    for offer in answer.offers:
        assert offer.gpu in names
        assert offer.price.amount > 0
        assert offer.quantity >= 1
        assert offer.billing in Billing


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just([]), st.just({}),
    st.lists(st.none(), max_size=2), st.just("1e400"), st.just(10**400),
)  # fmt: skip


def _mangled(value: Any, data: st.DataObject) -> Any:
    """The value with one of its parts, at a depth that hypothesis picks, replaced by junk."""
    if isinstance(value, dict) and value and data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(value)))
        return value | {key: _mangled(value[key], data)}
    if isinstance(value, list) and value:
        index = data.draw(st.integers(0, len(value) - 1))
        return [*value[:index], _mangled(value[index], data), *value[index + 1 :]]
    if isinstance(value, dict) and value:
        key = data.draw(st.sampled_from(sorted(value)))
        return value | {key: data.draw(JUNK)}
    return data.draw(JUNK)


def test_a_bad_row_error_never_leaves_the_readers() -> None:
    assert issubclass(BadRow, Exception)
    for reader in CLOUDS.values():
        assert isinstance(reader.parse([{"gpu": 1}, object()]), Answer)
