"""How an amount of money is written in alerts and by commands."""

from decimal import Decimal

SMALL, LARGE, TINY = 10, 100, 0.1


def shown_decimals(amount: Decimal | float) -> int:
    """How many decimals of an amount people are shown, on pages and by commands: none from 100 on, four below 0.1.

    >>> [shown_decimals(amount) for amount in (-120.4, 99.5, 0.0031, 0)]
    [0, 2, 4, 2]
    """
    size = abs(amount)
    return 0 if size >= LARGE else 4 if 0 < size < TINY else 2


def written(amount: Decimal | float | str) -> str:
    """Two decimals, and up to four of a small amount that has them: an hour may cost 0.0875.

    >>> written("1599"), written(0.5), written("0.0875"), written(-0.00312), written(12.3456)
    ('1599.00', '0.50', '0.0875', '-0.0031', '12.35')
    """
    exact = Decimal(str(amount))
    if abs(exact) >= SMALL:
        return f"{exact:.2f}"
    whole, _, decimals = f"{exact:.4f}".partition(".")
    return f"{whole}.{decimals.rstrip('0'):0<2}"
