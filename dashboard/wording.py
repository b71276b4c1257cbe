"""Values as people say them: days, money, windows, shares. The numbers in them are written by `formats`."""

from collections.abc import Mapping

from dashboard import formats
from monitor.core.gauge import Gauge
from monitor.core.models import Condition, Money
from monitor.core.phrases import (  # noqa: F401 - letters say these in the same words
    CONDITIONS,
    SHAPES,
    VERDICTS,
    age,
    day,
    percent,
    sureness,
    verdict,
    window,
)

SPEED_OF_OWN = "about {times} × your {own}"
CORRECTED = "Kept: it holds for earlier and later offers with this title."
AS_FAST_AS_OWN = "about as fast as your {own}"


def money(value: Money | None) -> str:
    """An amount with its currency, for reading."""
    return "" if value is None else formats.money(value)


def gauge(found: Gauge | None) -> str:
    """The limbo gauge in one sentence."""
    if found is None:
        return "Limbo gauge: cannot tell, no market has a call from fresh prices."
    how = (
        "wait for most cards"
        if found.value >= 60
        else "wait for some cards"
        if found.value >= 25
        else "little to wait for"
    )
    span = f"{found.low:.0f} to {found.high:.0f}"
    return f"Limbo gauge: {found.value:.0f} of 100 ({span}, from {counted(found.segments, 'market')}): {how}."


def condition(name: str) -> str:
    """How a state of an article is called; price files may bring states of their own."""
    return CONDITIONS[Condition(name)] if name in set(Condition) else name


def counted(n: int, noun: str) -> str:
    """A number with its noun: "1 market", "3 markets"."""
    return f"{n} {noun}{'' if n == 1 else 's'}"


def corrected(articles: int, offers: int, waiting: int) -> str:
    """What a correction of a title came to: it is kept, and what followed at once."""
    said = [CORRECTED]
    if articles:
        said.append(f"{counted(articles, 'stored article')} follow{'s' if articles == 1 else ''}.")
    if offers:
        doubt = f", {waiting} of them in doubt until seen again" if waiting else ""
        said.append(f"{counted(offers, 'refused offer')} came in{doubt}.")
    return " ".join(said)


def run_detail(counts: Mapping[str, object]) -> str:
    """What a run of a job did: of a crawl how many sources could not be read, of an update how many calls it made."""
    if "sources" in counts:
        failed, new = counts.get("failed"), counts.get("new", 0)
        unread = f", {len(failed)} could not be read" if isinstance(failed, list) and failed else ""
        return f"{counted(int(str(counts['sources'])), 'source')}{unread}, {new} new"
    names = {"signals": "calls", "flips": "changed", "alerts": "alerts", "sent": "sent", "dead": "given up"}
    return ", ".join(f"{counts[name]} {word}" for name, word in names.items() if name in counts)


def figure(value: float) -> str:
    """Three digits that count, never with an exponent: "1,290", "0.0123"."""
    return formats.figure(value)


def marked(text: str) -> str:
    """The same text where Markdown is read: a dollar sign is one, and begins no formula."""
    return text.replace("$", "\\$")


def sentence(text: str) -> str:
    """The text with a capital letter first."""
    return text[:1].upper() + text[1:]


def times_own(ratio: float, own: str) -> str:
    """How much faster a card is than the own one: "about 2.1 × your RTX 3060"."""
    if 0.95 <= ratio <= 1.05:
        return AS_FAST_AS_OWN.format(own=own)
    return SPEED_OF_OWN.format(times=f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}", own=own)


def span(low: float, high: float) -> str:
    """Two ends of an interval: "1,290 to 1,510"."""
    return f"{figure(low)} to {figure(high)}"


def work_amount(per_million: float) -> tuple[float, str]:
    """An amount of work, in millions and in words, that costs enough to be read: at least ten cents."""
    sizes = ((1e-6, "one"), (1e-3, "thousand"), (1.0, "million"), (1e3, "billion"), (1e6, "trillion"))
    return next((size for size in sizes if per_million * size[0] >= 0.1), sizes[-1])
