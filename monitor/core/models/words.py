"""Words with one meaning: what state an article is in, where it is sold, what to do about it; and money."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Condition(StrEnum):
    NEW = "new"
    REFURBISHED = "refurbished"
    USED = "used"
    RENTAL = "rental"  # price files and decisions use it for the cloud market
    UNKNOWN = "unknown"


class Availability(StrEnum):
    IN_STOCK = "in_stock"
    LIMITED = "limited"
    PREORDER = "preorder"
    BACKORDER = "backorder"
    OUT_OF_STOCK = "out_of_stock"
    DISCONTINUED = "discontinued"
    UNKNOWN = "unknown"


class Market(StrEnum):
    RETAIL = "retail"
    CLOUD = "cloud"


class Billing(StrEnum):
    ON_DEMAND = "on_demand"
    SPOT = "spot"
    RESERVED = "reserved"


class Action(StrEnum):
    BUY_NOW = "buy_now"
    WAIT = "wait"
    LIMBO = "limbo"
    NO_CALL = "no_call"


@dataclass(frozen=True, kw_only=True)
class Money:
    amount: Decimal
    currency: str  # ISO 4217
