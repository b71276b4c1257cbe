"""What pages about value ask: newest prices, relative speed, progress of the field."""

from datetime import date, datetime
from decimal import Decimal

from dashboard.queries.base import cached, catalog, dollars, preferences, read
from dashboard.queries.calls import scores, signals
from monitor.clock import utc_now
from monitor.core.calibration import efficiencies, with_loops
from monitor.core.card_cost import CardCost, card_cost
from monitor.core.memory import fit
from monitor.core.models import Condition, Money, Signal
from monitor.core.ownership import OwnershipTerms
from monitor.core.parallel import estimate_several
from monitor.core.preferences import terms_in_dollars
from monitor.core.progress import Progress, launch_points, progress
from monitor.core.ranking import of_one_time
from monitor.core.rent import Rental, delay_cost_per_week
from monitor.core.rent_question import in_dollars, newest_call, rental_of
from monitor.core.throughput import Estimate, estimate, single_card_rate
from monitor.core.usual import USUAL_HOURS, USUAL_WORK, USUAL_YEARS
from monitor.core.value import RentalOption, rental_options, tpu_or_gpu
from monitor.core.verdict import prices_of
from monitor.performance import load_probe_priors, load_throughput_model
from monitor.store import repo

USUAL = ("RTX 5090", "RTX 4090", "RTX 3090", "H100 80GB", "A100 80GB", "RTX A6000", "L40S")


def newest_price(gpu: str, condition: str, as_of: datetime | None = None) -> float | None:
    """The newest known price of one card in dollars: the own country's, else the middle one; `None` where none is."""
    call = _usual_call(gpu, condition, as_of)
    return in_dollars(call, dollars()) if call else None


def newest_price_on(gpu: str, condition: str, as_of: datetime | None = None) -> date | None:
    """The day that this price was seen; `None` where none is known."""
    call = _usual_call(gpu, condition, as_of)
    return call.data_on if call else None


def _usual_call(gpu: str, condition: str, as_of: datetime | None) -> Signal | None:
    return newest_call(signals("", as_of), gpu, Condition(condition), dollars(), preferences().region)


def in_own_currency(price: Money) -> Money | None:
    """A price in the owner's currency by the newest rate; `None` where there is no rate."""
    own, rates = preferences().currency, dollars()
    if price.currency == own:
        return price
    if price.currency not in rates or own not in rates:
        return None
    return Money(amount=price.amount * Decimal(f"{rates[price.currency] / rates[own]:.8f}"), currency=own)


def ownership_terms(years: float = USUAL_YEARS) -> OwnershipTerms:
    """How a card is kept here, in US dollars: the owner's tariff and tax."""
    return terms_in_dollars(preferences(), dollars(), years)


@cached
def throughput_of(gpu: str, workload: str, as_of: datetime | None = None) -> Estimate:
    """What one card does for one kind of work, by what was measured here or elsewhere until `as_of`."""
    with read() as session:
        rows = repo.measurements_as_of(session, as_of or utc_now())
    known, model = catalog().gpus, load_throughput_model()
    plain = efficiencies(rows, known, load_probe_priors(), as_of or utc_now())
    factors = with_loops(plain, rows, known, model).get(gpu)
    return estimate(known[gpu], catalog().workloads[workload], model, efficiency=factors)


@cached
def cost_of_card(gpu: str, workload: str, years: float = USUAL_YEARS, as_of: datetime | None = None) -> list[CardCost]:
    """What it costs to own one card for one kind of work, by market, the cheapest work first; rentals are not owned."""
    work, terms = catalog().workloads[workload], ownership_terms(years)
    owned = [s for s in scores(workload, as_of) if s.gpu == gpu and s.condition is not Condition.RENTAL]
    return [
        card_cost(catalog().gpus[gpu], work, score, terms, dollars()[score.price.currency])
        for score in owned
        if score.price.currency in dollars()
    ]


@cached
def rented_for(workload: str, as_of: datetime | None = None) -> tuple[list[RentalOption], str]:
    """What can be rented for one kind of work, TPUs included, the cheapest work first; and whether TPU or GPU.
    Prices that are more than nine weeks older than the newest are left out."""
    work, cards = catalog().workloads[workload], {**catalog().gpus, **catalog().reference}
    rented = [price for price in prices_of(signals("", as_of)) if price.condition is Condition.RENTAL]
    options = rental_options(cards, work, of_one_time(rented), load_throughput_model(), dollars())
    return options, tpu_or_gpu(options, work)


def rental(own: str, rented: str, workload: str, hourly: float) -> Rental:
    """How one card is rented beside owning another, for one kind of work, at so many dollars an hour."""
    cards, work = catalog().gpus, catalog().workloads[workload]
    return rental_of(cards[own], cards[rented], work, hourly, load_throughput_model())


def shown_in_own(amount: float) -> Money | None:
    """Dollars in the owner's currency; `None` where that is the dollar or has no rate."""
    if preferences().currency == "USD":
        return None
    return in_own_currency(Money(amount=Decimal(f"{amount:.6f}"), currency="USD"))


def relative_speed(own: str, other: str, workload: str, cards: int = 1) -> float | None:
    """Throughput of the other card, or of so many, over the own one's for one kind of work; `None` where not known."""
    work, model = catalog().workloads[workload], load_throughput_model()
    mine, theirs = (single_card_rate(catalog().gpus[name], work, model) for name in (own, other))
    if cards > 1:
        theirs = estimate_several(catalog().gpus[other], work, cards, model).throughput
    return theirs / mine if mine and theirs else None


def usual_card(as_of: datetime | None = None) -> str:
    """A card that can be both bought and rented and holds the usual work, as an example to begin with."""
    names = (*USUAL, *sorted(catalog().gpus))
    both = (n for n in names if newest_price(n, "new", as_of) and newest_price(n, "rental", as_of))
    work = catalog().workloads[USUAL_WORK]
    return next((n for n in both if fit(catalog().gpus[n], work).answer != "no"), "RTX 4090")


def cost_of_delay(meanwhile: str, as_of: datetime | None = None) -> float | None:
    """What a week without a card costs, as a share of its price, by what is done meanwhile; `None` without prices.

    `meanwhile` is "rent", "nothing" or "lost", as in `core.rent.delay_cost_per_week`; the usual card stands for all.
    """
    card = usual_card(as_of)
    price, hourly = newest_price(card, "new", as_of), newest_price(card, "rental", as_of)
    if not price or not hourly:
        return 0.0 if meanwhile == "nothing" else None
    rental = Rental(price_per_hour=hourly)
    return delay_cost_per_week(catalog().gpus[card], price, ownership_terms(), USUAL_HOURS, meanwhile, rental)


@cached
def field_progress(workload: str) -> Progress | None:
    """How throughput per launch dollar grew, for one kind of work."""
    work = catalog().workloads[workload]
    return progress(launch_points(catalog().gpus.values(), work, load_throughput_model()), workload)
