"""Words with one meaning: what state an article is in, where it is sold, what to do about it; and money."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Condition(StrEnum):
    """What state an article is in, or that it is rented."""

    NEW = "new"
    REFURBISHED = "refurbished"
    USED = "used"
    RENTAL = "rental"  # price files and decisions use it for the cloud market
    UNKNOWN = "unknown"


class Availability(StrEnum):
    """What a page says of the stock; `UNKNOWN` is not "out of stock"."""

    IN_STOCK = "in_stock"
    LIMITED = "limited"
    PREORDER = "preorder"
    BACKORDER = "backorder"
    OUT_OF_STOCK = "out_of_stock"
    DISCONTINUED = "discontinued"
    UNKNOWN = "unknown"


class Market(StrEnum):
    """Where a price is asked: for a card to own, or for an hour of one."""

    RETAIL = "retail"
    CLOUD = "cloud"


class Billing(StrEnum):
    """On which terms a rented card is paid; they are never mixed into one price."""

    ON_DEMAND = "on_demand"
    SPOT = "spot"
    RESERVED = "reserved"


class Action(StrEnum):
    """What a call says to do. `LIMBO`: waiting is right until an event; `NO_CALL`: the data do not tell."""

    BUY_NOW = "buy_now"
    WAIT = "wait"
    LIMBO = "limbo"
    NO_CALL = "no_call"


@dataclass(frozen=True, kw_only=True)
class Money:
    """An exact amount; floats enter no price."""

    amount: Decimal
    currency: str  # ISO 4217
