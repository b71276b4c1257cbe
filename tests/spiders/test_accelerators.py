"""Clouds' short names of GPUs; the table is split into what is a card of the catalogue and what only looks like one."""

import pytest

from monitor.catalog import load_catalog
from spiders.accelerators import name_accelerator
from spiders.cloud_answers import BadRow

NAMES = [
    ("NVIDIA GeForce RTX 4090", None, 1, "RTX 4090"),
    ("geforcertx4090-pcie-24gb", None, 1, "RTX 4090"),
    ("geforcertx3060tilhr-pcie-8gb", None, 1, "RTX 3060 Ti"),
    ("RTX 4070S Ti", None, 1, "RTX 4070 Ti Super"),
    ("RTX 4070 Ti SUPER", None, 1, "RTX 4070 Ti Super"),
    ("RTX 4080S", None, 1, "RTX 4080 Super"),
    ("RTX 3080", 10, 1, "RTX 3080"),
    ("RTX 3080", 12, 1, "RTX 3080 12GB"),
    ("RTX 5060 Ti", 16, 1, "RTX 5060 Ti 16GB"),
    ("RTX 4060 Ti", 8, 1, "RTX 4060 Ti"),
    ("GTX 1080 Ti", 11, 1, "GTX 1080 Ti"),
    ("RX 7900 XTX", 24, 1, "RX 7900 XTX"),
    ("Tesla T4", None, 1, "Tesla T4"),
    ("nvidia-l4", None, 1, "L4"),
    ("L40s 48GB", None, 1, "L40S"),
    ("l40-pcie-48gb", None, 1, "L40"),
    ("A10", None, 1, "A10"),
    ("NVIDIA A100-SXM4-80GB", None, 1, "A100 80GB"),
    ("A100 SXM4", 40, 1, "A100 40GB"),
    ("A100-80G-PCIe", None, 1, "A100 80GB"),
    ("Tesla V100-PCIE-16GB", None, 1, "Tesla V100 16GB"),
    ("NVIDIA H100 80GB HBM3", None, 1, "H100 SXM"),
    ("H100-80G-PCIe", None, 1, "H100 PCIe"),
    ("nvidia_h100", 80, 8, "H100 SXM"),
    ("H200_141GB", None, 1, "H200"),
    ("NVIDIA B200", 180, 8, "B200"),
    ("AMD Instinct MI300X OAM", 192, 1, "MI300X"),
    ("MI325X", None, 8, "MI325X"),
    ("RTX A6000", 48, 1, "RTX A6000"),
    ("A6000", None, 1, "RTX A6000"),
    ("rtxa4000-pcie-16gb", None, 1, "RTX A4000"),
    ("NVIDIA RTX 6000 Ada Generation", 48, 1, "RTX 6000 Ada"),
    ("RTX6000Ada", None, 1, "RTX 6000 Ada"),
    ("Quadro RTX 6000", 24, 1, "Quadro RTX 6000"),
    ("nvidia_rtx4000_ada", 20, 1, "RTX 4000 Ada"),
    ("RTX-PRO6000", 96, 1, "RTX PRO 6000"),
    ("NVIDIA RTX PRO 6000 Blackwell Server Edition", 96, 1, "RTX PRO 6000"),
    ("Titan V", 12, 1, "Titan V"),
]

OTHERS = [
    ("H100", None, 1, "ambiguous"),
    ("A100", None, 1, "ambiguous"),
    ("RTX 5060 Ti", None, 1, "ambiguous"),
    ("H100 NVL", 94, 1, "unknown_model"),
    ("H100", 94, 1, "unknown_model"),
    ("H200 NVL", None, 1, "unknown_model"),
    ("GH200", None, 1, "unknown_model"),
    ("GB200", None, 4, "unknown_model"),
    ("A10G", None, 1, "unknown_model"),
    ("T4G", None, 1, "unknown_model"),
    ("A1000", None, 1, "unknown_model"),
    ("RTX 4090 D", 24, 1, "unknown_model"),
    ("RTX 4090", 48, 1, "unknown_model"),
    ("RTX 3070 Laptop", 8, 1, "unknown_model"),
    ("RTX 5880 Ada", 48, 1, "unknown_model"),
    ("RTX 4000 SFF Ada", 20, 1, "unknown_model"),
    ("RTX PRO 4500", 32, 1, "unknown_model"),
    ("RTX 6000 Max-Q", 24, 1, "unknown_model"),
    ("Radeon Pro V710", None, 1, "unknown_model"),
    ("A100", 20, 1, "unknown_model"),
    ("RTX 9999", None, 1, "unknown_model"),
    ("", None, 1, "no_gpu_name"),
    (None, None, 1, "no_gpu_name"),
]


@pytest.mark.parametrize(("text", "memory_gb", "gpus", "name"), NAMES)
def test_a_clouds_name_leads_to_the_catalogues(text: str, memory_gb: float | None, gpus: int, name: str) -> None:
    assert name_accelerator(text, memory_gb=memory_gb, gpus=gpus) == name
    assert name in load_catalog().gpus


@pytest.mark.parametrize(("text", "memory_gb", "gpus", "reason"), OTHERS)
def test_a_name_that_does_not_settle_the_card_is_refused(
    text: str | None, memory_gb: float | None, gpus: int, reason: str
) -> None:
    with pytest.raises(BadRow) as refused:
        name_accelerator(text, memory_gb=memory_gb, gpus=gpus)
    assert refused.value.reason == reason
