"""A made-up market with a known truth: shops, their articles and prices day by day, real deals, glitches and failures.

Everything follows from a seed. A price is real as long as the shop means it; a glitch is shown at one visit only. A
deal is an article that a shop really sells below the buyer's limit for some days. What a shop asks otherwise stays
above every limit, so that what lies below one is a deal or a fault, and nothing in between.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import exp

CARDS = {  # usual price in dollars without tax, and the words of a title
    "RTX 4090": (1790.0, "GeForce RTX 4090 24GB"),
    "RTX 4080 Super": (999.0, "GeForce RTX 4080 SUPER 16GB"),
    "RTX 4070 Super": (609.0, "GeForce RTX 4070 SUPER 12GB"),
    "RTX 4060": (309.0, "GeForce RTX 4060 8GB"),
    "RX 7900 XTX": (959.0, "Radeon RX 7900 XTX 24GB"),
    "RX 7800 XT": (509.0, "Radeon RX 7800 XT 16GB"),
    "RTX 3060": (289.0, "GeForce RTX 3060 12GB"),
    "RTX 3090": (760.0, "GeForce RTX 3090 24GB"),  # used
}
USED = ("RTX 3090",)
MAKERS = {"Ge": ("ASUS TUF", "MSI Ventus", "Gigabyte Windforce", "Palit"), "Ra": ("Sapphire Nitro+", "PowerColor")}
COUNTRIES = {"US": ("USD", 1.0, 0.0), "DE": ("EUR", 0.92, 0.19), "GB": ("GBP", 0.79, 0.20)}  # per dollar; tax
LIMIT = 0.82  # of the usual price: what the buyer waits for
USED_CONDITION, NEW_CONDITION = "used", "new"
TRAPS = (("EK water block for RTX 4090", 0.11), ("Gaming PC Ryzen 7 with RTX 4090, 32GB RAM, 1TB", 1.7))
FAILURES = ("timeout", "500", "403", "captcha", "empty", "cut")
REPRICED = 0.06  # of prices in a day
DEAL_EVERY_DAYS = 45  # for each card and country


@dataclass(kw_only=True)
class Article:
    """One article of a shop; `asked` is its price while there is no deal, in the shop's currency."""

    path: str
    title: str
    card: str  # "" for what is no card
    base: float
    asked: float = 0.0
    in_stock: bool = True
    deal: float = 0.0  # price of a deal that is on
    deal_until: int = -1
    temporary: bool = False  # came with a deal and goes with it


@dataclass(kw_only=True)
class Shop:
    """A shop; `change` says what becomes of it on day `changes_on`: new_layout, scripts_only, gone or ""."""

    name: str
    country: str
    condition: str
    layout: int
    articles: list[Article]
    change: str = ""
    changes_on: int = -1

    @property
    def url(self) -> str:
        """Its one page."""
        return f"https://www.{self.name}.example/cards"


@dataclass(frozen=True, kw_only=True)
class Price:
    """What one article really costs on a day, and what its page shows at that day's visit."""

    article: Article
    real: float
    shown: float

    @property
    def is_glitch(self) -> bool:
        return self.shown != self.real


@dataclass(kw_only=True)
class World:
    """The market on one day after another; `limits` holds the buyer's price for each card and country."""

    dice: random.Random
    shops: list[Shop]
    glitches: float  # share of prices
    failures: float  # share of crawls
    limits: dict[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])
    market: dict[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])  # log of usual = 1
    day: int = -1
    made: int = 0

    def next_day(self) -> None:
        """Let the market move, deals begin and end, articles sell out and come back."""
        self.day += 1
        for place in self.market:
            self.market[place] = max(-0.08, min(0.08, self.market[place] * 0.99 + self.dice.gauss(0, 0.008)))
        for shop in self.shops:
            shop.articles = [a for a in shop.articles if not (a.temporary and self.day >= a.deal_until)]
            for article in shop.articles:
                self._move(article)
        for card, country in self.limits:
            if self.dice.random() < 1 / DEAL_EVERY_DAYS:
                self._begin_deal(card, country)

    def prices(self, shop: Shop) -> list[Price]:
        """What the shop asks today and what its page shows."""
        found: list[Price] = []
        for article in shop.articles:
            real = round(self._real(shop, article), 2)
            shown = round(self._glitch(real), 2) if self.dice.random() < self.glitches else real
            found.append(Price(article=article, real=real, shown=shown))
        return found

    def failure(self, shop: Shop) -> str:
        """How today's visit of the shop fails; "" where it does not."""
        if shop.change == "gone" and self.day >= shop.changes_on:
            return "gone"
        return self.dice.choice(FAILURES) if self.dice.random() < self.failures else ""

    def is_bargain(self, shop: Shop, price: Price) -> bool:
        """Whether somebody who waits for the limit should buy this."""
        limit = self.limits.get((price.article.card, shop.country))
        return limit is not None and price.article.in_stock and price.real < limit

    def _real(self, shop: Shop, article: Article) -> float:
        if article.deal and self.day < article.deal_until:
            return article.deal
        if not article.asked or (article.card and self.dice.random() < REPRICED):
            market = exp(self.market.get((article.card, shop.country), 0.0))
            article.asked = local(article.base, shop.country) * market * self.dice.uniform(0.97, 1.12)
        return article.asked

    def _move(self, article: Article) -> None:
        if self.day >= article.deal_until:
            article.deal = 0.0
        if not article.deal and self.dice.random() < (0.02 if article.in_stock else 0.15):
            article.in_stock = not article.in_stock

    def _begin_deal(self, card: str, country: str) -> None:
        """One article of one shop below the limit for 4 to 10 days: one it has, or (1 in 4) one that is new there. One
        deal in ten is sold out as long as it lasts: a bargain that nobody can have."""
        shops = [s for s in self.shops if s.country == country and any(a.card == card for a in s.articles)]
        if not shops:
            return
        shop = self.dice.choice(shops)
        article = self.dice.choice([a for a in shop.articles if a.card == card])
        if article.deal:
            return
        if self.dice.random() < 0.25:
            self.made += 1
            article = Article(
                path=f"/p/special-{self.made}", title=f"{article.title} Special Edition {self.made}", card=card,
                base=article.base, temporary=True,
            )  # fmt: skip
            shop.articles.append(article)
        article.deal = self.limits[card, country] * self.dice.uniform(0.78, 0.97)
        article.deal_until = self.day + self.dice.randint(4, 10)
        article.in_stock = self.dice.random() >= 0.1

    def _glitch(self, real: float) -> float:
        kind = self.dice.randrange(6)
        if kind < 3:
            return real * (0.1, 0.01, 10.0)[kind]  # a lost or doubled digit, a lost comma
        if kind == 3:
            return self.dice.choice((1.0, 9.99, 49.0))  # a placeholder, the postage, an instalment
        return real * (self.dice.uniform(0.3, 0.8) if kind == 4 else self.dice.uniform(1.3, 3.0))


def local(usd: float, country: str) -> float:
    """A price without tax in dollars as a shop of that country shows it."""
    _, per_dollar, tax = COUNTRIES[country]
    return usd * per_dollar * (1 + tax)


def make_world(shops: int, seed: int, days: int, glitches: float, failures: float) -> World:
    """A market of so many shops, two of which change their pages and one of which goes, in the course of `days`."""
    dice = random.Random(seed)
    made = [_shop(dice, number) for number in range(shops)]
    fates = (("new_layout", 0.3), ("scripts_only", 0.5), ("gone", 0.6))
    for shop, (change, when) in zip(dice.sample(made, 3), fates, strict=True):
        shop.change, shop.changes_on = change, int(days * when)
    world = World(dice=dice, shops=made, glitches=glitches, failures=failures)
    for shop in made:
        for article in shop.articles:
            if article.card:
                world.limits[article.card, shop.country] = round(LIMIT * local(article.base, shop.country), 2)
                world.market[article.card, shop.country] = 0.0
    return world


def _shop(dice: random.Random, number: int) -> Shop:
    country = ("US", "DE", "US", "GB", "US", "DE")[number % 6]
    used = number % 5 == 4
    cards = USED if used else [card for card in CARDS if card not in USED and dice.random() < 0.8]
    return Shop(
        name=f"shop-{number:02d}",
        country=country,
        condition=USED_CONDITION if used else NEW_CONDITION,
        layout=dice.randrange(6),
        articles=list(_articles(dice, cards, 6 if used else 2)),
    )


def _articles(dice: random.Random, cards: tuple[str, ...] | list[str], most: int) -> Iterator[Article]:
    number = 0
    for card in cards:
        base, words = CARDS[card]
        for _ in range(dice.randint(max(1, most // 2), most)):
            number += 1
            maker = dice.choice(MAKERS[words[:2]])
            title = f"{maker} {words} edition {chr(64 + number)} OC"
            yield Article(path=f"/p/{number}", title=title, card=card, base=base)
    for title, share in TRAPS:
        number += 1
        yield Article(path=f"/p/{number}", title=title, card="", base=share * CARDS["RTX 4090"][0])
