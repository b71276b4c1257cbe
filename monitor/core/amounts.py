"""How an amount of money is written in alerts and by commands."""

from decimal import Decimal

SMALL = 10


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
