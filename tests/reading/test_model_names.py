"""Which names are those of two models of one kind, and which say the same in other words."""

import pytest

from monitor.reading.model_names import other_model


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        ("TV TCL 85C7L", "TV TCL 85X11K", True),
        ("MSI RTX 5070 Ventus 2X OC", "MSI RTX 5080 Ventus 3X OC", True),
        ("Monitor LG 27GP850", "LG UltraGear 27GS75Q", True),
        ("MSI RTX 5070 Ventus 2X OC 12G", "MSI GeForce RTX5070 VENTUS 2X 12GB", False),
        ("Gigabyte GV-N5070WF3OC-12GD", "Gigabyte GeForce RTX 5070 WINDFORCE 12G", False),
        ("Kingston FURY KF560C36BBEK2-32", "Kingston FURY Beast DDR5-6000 32GB", False),
        ("Intel Core i7-12700K", "Intel BX8071512700K", False),
        ("Fritteuse 8 l 2025", "Fritteuse 5 l 2026", False),
        ("", "RTX 5070", False),
    ],
)
def test_another_model_is_told_by_its_number(one: str, other: str, different: bool) -> None:
    assert other_model(one, other) is different
    assert other_model(other, one) is different
