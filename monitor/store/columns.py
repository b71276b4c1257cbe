"""Column types (and names of keys) that keep money exact and times aware on SQLite and PostgreSQL alike."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, String
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}  # of indexes and keys, the same on both databases
MICROS = 1_000_000
CENT = Decimal("0.01")


def to_micros(amount: Decimal) -> int:
    """`amount` in millionths of the currency's unit; more than six decimals are rounded half to even.

    >>> to_micros(Decimal("1599.99"))
    1599990000
    """
    return int((amount * MICROS).to_integral_value(ROUND_HALF_EVEN))


def from_micros(micros: int) -> Decimal:
    """The exact amount, with at least two decimals.

    >>> from_micros(1599990000), from_micros(123456)
    (Decimal('1599.99'), Decimal('0.123456'))
    """
    if micros % 10_000 == 0:
        return Decimal(micros // 10_000).scaleb(-2)
    return Decimal(micros).scaleb(-6).normalize()


class Micros(TypeDecorator[Decimal]):
    """A `Decimal` kept as an integer of millionths: SQLite has no exact decimals."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> int | None:
        return None if value is None else to_micros(value)

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        return None if value is None else from_micros(value)


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC; a naive one is refused, since nobody can say what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a time zone cannot be stored: {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text that both databases take: without NUL, which PostgreSQL refuses, and without half characters."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        if value is None:
            return None
        text = value.replace("\0", "")
        return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
