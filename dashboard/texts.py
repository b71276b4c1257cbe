"""Every sentence that the pages show, in one place, so that another language is another table."""

from datetime import date

from dashboard import formats
from monitor.core.gauge import Gauge
from monitor.core.models import Action, Condition, Money

APP = "gpu-limbo"
TAGLINE = "When to buy a GPU for deep learning, and which one."

VERDICTS = {
    Action.BUY_NOW: "Buy now",
    Action.WAIT: "Wait",
    Action.LIMBO: "Hardware limbo: wait",
    Action.NO_CALL: "Cannot tell",
}
SHAPES = {Action.BUY_NOW: "▲", Action.WAIT: "■", Action.LIMBO: "◆", Action.NO_CALL: "○"}
CONDITIONS = {
    Condition.NEW: "new",
    Condition.USED: "used",
    Condition.REFURBISHED: "refurbished",
    Condition.RENTAL: "rented",
    Condition.UNKNOWN: "condition unknown",
}

EMPTY_STORE = (
    "There are no prices yet. `gpu-limbo up` loads the shipped history and starts the first crawl; "
    "`gpu-limbo import PATH` reads your own price files."
)
BROKEN_STORE = "The database cannot be read: {why} Run `gpu-limbo doctor` to see what is wrong and what to do."
NO_SIGNALS = "No call has been made yet. The scheduler makes one after each crawl; `gpu-limbo decide` makes one now."
NO_HISTORY = (
    "Fewer than two prices are known for this choice, so there is no line to draw. Choose another market or condition."
)
NO_SCORES = (
    "No card could be ranked for this work yet: there are no prices in this market. `gpu-limbo crawl` reads them now."
)
NO_REJECTIONS = "Nothing was rejected."
NO_SOURCES = (
    "No source has been crawled yet. `gpu-limbo crawl` starts one now; `gpu-limbo sources list` shows what there is."
)
NO_RUNS = "No job has run yet. `gpu-limbo up` starts the scheduler."
NOW_TITLE = "What to do about a GPU now"
LOADING = "The questions and the prices behind it follow in a moment."
NO_SCRIPT = (
    "Questions, charts and settings need JavaScript. The verdicts do not: they stand on the first page, and for "
    "programs at /api/v1/signals, /feed.atom and /calendar.ics."
)
OTHER_GOALS = "Other goals"
QUESTIONS = "Make it yours: three questions"
Q_WORK = "What do you train or run?"
Q_REGION = "Where do you buy?"
Q_HAVE = "What do you have now?"
HAVE_NOTHING = "no GPU, or another one"
SPEED_OF_OWN = "about {times} × your {own}"
AS_FAST_AS_OWN = "about as fast as your {own}"
Q_CONDITIONS = "How would you get it?"
Q_BUDGET = "Budget in {currency} (0: any)"
Q_SHOW = "Show my verdict"
GOAL = "Goal"
EVIDENCE = "The prices behind it"
NO_CARD = "No card to name"
NO_PRICES_YET = "No prices for this yet."
WOULD_CHANGE = "Would change it: {what}"
HELD_ON = "On {day}:"
TIME_MACHINE = "This is the page as of {day}: it knows nothing later."
STALE_DATA = (
    "The newest price is {age} old ({day}). What follows is dated and is no advice for today; "
    "live prices arrive with the first crawl (`gpu-limbo up` starts it, `gpu-limbo crawl` does it now)."
)
CARD = "Card"
MARKET = "Market"
PRICES = "Prices"
FACTS = "Facts"
WHERE_FACTS_STAND = "Where each fact stands"
OUTLOOK = "Successor"
FOLLOWED_BY = "Followed by {names}."
NOT_FOLLOWED = "No follower of this tier has launched."
SUCCESSOR = "A successor on sale: {chances}. This rests on: {evidence}."
NO_END_IN_SIGHT = "No date can be given."
NOT_KNOWN = "not known"
OFFERS_NOW = "Offers now"
NO_OFFERS = "No live offer of the last three days is known. `gpu-limbo crawl` reads the shops now."
NO_CALL_FOR_CARD = "There is no call for this card: no price of it is known. `gpu-limbo crawl` reads the shops now."
NEWS = "News"
NO_NEWS = "No headline about GPUs has been read yet. `gpu-limbo crawl` reads the feeds now."
TIMELINE_TITLE = "Launches and what is expected"
SEGMENT = "Segment"
NO_LAUNCHES = "No launch is known for this choice."
HEALTH_TITLE = "Data health"
SOURCES = "Sources"
QUARANTINE = "Doubted prices"
QUARANTINE_NOTE = "These jumped further than the market explains. They count after a second sighting, or your word."
NO_QUARANTINE = "No price is doubted."
REJECTED = "Could not be read"
CORRECT = "Put a title right"
CORRECT_TITLE = "Title"
CORRECT_GPU = "It is"
NO_GPU = "no GPU at all"
CORRECTED = "Kept: it holds for earlier and later offers with this title."
JOBS = "Jobs"
MESSAGES = "Messages"
NO_MESSAGES = "No alert has been sent yet."
SETTINGS_TITLE = "Settings"
GOALS = "Goals"
ASKED_GOAL = "The goal in this page's address: {goal}"
GOAL_NAME = "Name"
KEEP_GOAL = "Keep this goal"
HOW_TO_KEEP_A_GOAL = "Answer the questions on the first page, then come here to keep the goal and get alerts for it."
KEPT = "Kept."
SHARE = "Open"
FORGET = "Forget"
ALERTS = "Alerts"
RULE_KIND = "Tell me when"
RULE_GPU = "GPU (empty: any)"
RULE_LIMIT = "Below, in {currency} (0: no limit)"
KEEP_RULE = "Keep this rule"
PLACE = "This installation"
PLACE_NOTE = "Set by environment variables; see the README."
PROBE_TITLE = "Your own card"
NO_PROBE = (
    "No card has been measured here yet. On the machine with the GPU, this takes a minute and changes nothing on it:"
)
PROBE_NOTE = "It keeps its figures in the same database, so run it with the same DATABASE_URL or GPU_LIMBO_HOME."
MEASURED_ON = "Measured on {day}."
NOT_CALIBRATED = "This is not a whole GPU that the catalogue knows, so it calibrates nothing."
WHAT_IT_CHANGES = "What that changes in the estimates for this card:"
NOTHING_TO_COMPARE = "Measured; there is nothing to compare it with."
CARD_GOOD = "Your card is as good as its model:"
CARD_DEGRADED = "Your card does less than it could:"
OF_A_HEALTHY = "of a healthy {gpu}"
COMPARE_TITLE = "What a dollar buys"
PLANE = "Price against throughput"
FILTERS = "Filters"
LEAST_MEMORY = "Memory, GB or more"
MOST_POWER = "Power, W at most (0: any)"
MOST_FOR_MONEY = "{gpu} gives most for the money"
SIDE_BY_SIDE = "Side by side"
PROGRESS = "Progress of the field"
RENT_TITLE = "Rent or buy"
OWN_CARD = "Card to own"
RENTED_CARD = "Card to rent"
PRICE_TO_BUY = "Price to buy, USD"
PRICE_TO_RENT = "Price to rent, USD an hour"
YEARS = "Years that it is kept"
KWH = "Price of a kWh, USD"
GIVE_PRICES = "No price of this is known: type in what the card costs and what an hour costs."
SENSITIVE_TO = "The threshold hangs most on these, each over its 80 % range:"
BUILD_TITLE = "The machine around the cards"
HOW_MANY = "How many"
ZERO_IS_UNKNOWN = "What you have or plan; 0 where you do not know. `gpu-limbo build --here` reads this machine."
BUILD_FAILS = "This will not work: {parts}."
BUILD_TIGHT = "This works, but it is tight: {parts}."
BUILD_WASTES = "This works, and money is wasted on {parts}."
BUILD_OK = "This machine suits these cards."
RECORD_TITLE = "Track record"
NO_RECORD = (
    "No call has been noted yet: the record begins with the first call on fresh prices. `gpu-limbo up` makes one."
)
RECORD_ENTRIES = "The newest entries"
RECORD_WHOLE = "{n} entries, each chained to the one before: nothing was changed afterwards."
RECORD_BROKEN = "Entry {n} does not follow from those before it: the record was changed afterwards."
AGAINST_BUYING = "What one card each time cost against buying at once (negative: saved):"
REPLAY_TITLE = "What did it say in December 2017?"
MOMENT = "A moment that people know"
NOTHING_KNOWN_THEN = "Nothing in the database was known on {day}."
WHOLE_PAGE_THEN = "The first page on that day"
LIVE_RECORD = "Calls made here"
BY_CALLS, BY_WAITING = "following the calls", "always waiting"
RUNNING_WORDS = (
    "After {n} days with endings, one card each time cost {followed} {currency} against buying at once by following "
    "the calls, and {waited} by always waiting; below zero is saved."
)
BACKTEST = "Backtest over the prices in this database"
BACKTEST_NOTE = (
    "The same decision that runs live, asked each Monday with nothing known later, beside simple rules. "
    "Your own files: `gpu-limbo backtest --prices FOLDER`."
)
BACKTEST_THEN = "A backtest looks at all that is known today, so a page of a past day shows none."
NO_BACKTEST = "No backtest has run on this database yet. The scheduler makes one within two hours; it takes a minute."
TOO_SHORT = (
    "No series of card prices in this database is long enough to be scored: it takes 10 dates over 270 days. "
    "`gpu-limbo import PATH` reads your own price files."
)
RUN_BACKTEST = "Run it now"
RUN_AGAIN = "Run it again"
BACKTEST_RUNS = "Week {done} of {total}"
BACKTEST_SAYS = (
    "Over {series} from {first} to {last}, buyers who followed the calls saved {saved} % against buying at once; one "
    "who knew the future would have saved {possible} %, and always waiting {waited} %."
)
BACKTEST_MADE = "Made on {day} from {prices} prices; {calls} calls could be judged."
SAVED_TITLE = "Saved against buying at once, % of the price (negative: lost)"
BY_MARKET, BY_HALF_YEAR = "By market", "By half-year of arrival"
ALL_MARKETS = "All"
CLAIRVOYANT = "Knowing the future"
RULES = {
    "limbo": "Our calls",
    "buy_now": "Always buy at once",
    "wait": "Always wait half a year",
    "over_msrp": "Wait above 1.5 x MSRP",
    "two_thresholds": "Two thresholds",
    "own_trend": "Wait while its price falls",
    "market_trend": "Wait while its market falls",
}
RULES_NOTE = (
    "Two thresholds: wait while all prices fell over 3 % in 8 weeks, or above 1.5 launch prices. A week of delay costs "
    "0.5 % of the price."
)
RELIABILITY = "Does the stated confidence come true?"
RELIABLE = "Of {n} calls stated with {stated} %, {true} % came true"
RELIABILITY_NOTE = "On the dashed line, what was stated is what came true; the number at a dot is its calls."
REPLAY_MONTH = "Month"
REPLAY_SAID = "In the middle of {month}: {said}. Of those whose end is known, {right} were right and {wrong} were not."
RIGHT, WRONG, OPEN = "✓ right", "✕ wrong", "open"
MAILBOX_TITLE = "Mailbox"
NEWEST_LETTER = "The newest: {letter}"
NO_LETTERS = (
    "No letter has come yet. With `GPU_LIMBO_CHANNELS=mailbox://` alerts are kept here; "
    "`gpu-limbo alerts rules add` makes rules."
)
REPLAY = "**Replay of shipped history, not today: {day}** ({act}). {n} in the [mailbox](/mailbox)."
REPLAY_OVER = (
    "**This was a replay of shipped history; it ended on {day}** ({act}). {n} in the [mailbox](/mailbox). "
    "Nothing here is about today."
)
FAN = "Expected from {day} on: {points}."
FAN_POINT = (
    "after {weeks} weeks about {middle} {unit} "
    "(half of all cases {low50} to {high50}, eight in ten {low80} to {high80})"
)
NO_FAN = "No forecast is drawn: too little is known of this market, or its prices are too old."
FAN_CAPTION = (
    "What is expected from {day} on: the dashed line in the middle, half of all cases in the dark band, eight in ten "
    "in the light one. How often such bands held: `python benchmarks/coverage.py`."
)
FAN_COLUMNS = ("After", "Expected", "Half of all cases", "Eight in ten")
FAN_WEEKS = "{weeks} weeks, {day}"
FAN_TABLE = "The forecast as a table"
OWN_ALERT = "Tell me when"
ALERT_BELOW = "the price is below a limit"
ALERT_FLIP = "the call changes"
ALERT_LIMIT = "Below, in {currency}"
PREVIEW_RULE = "What would it have done?"
PREVIEW_RUNS = "Replaying the last year ..."
PREVIEW_FIRST = "Before it is kept, the rule is tried on the last year of stored history."
NO_CHANNEL = "No channel is set (`GPU_LIMBO_CHANNELS`): rules are kept, and messages come once there is one."
WORK = "For your work"
THROUGHPUT = "{gpu} does about {value} {unit} ({low} to {high}), {bound}. {evidence}"
MEASURED, ESTIMATED = "Measured.", "Estimated from measured cards of its kind."
BOUNDS = {
    "compute": "bound by its arithmetic",
    "memory": "bound by its memory",
    "overhead": "bound by what lies between the steps",
    "capacity": "bound by the size of its memory",
}
DOES_NOT_FIT = "{gpu} does not do this work: {reason}."
OWNERSHIP = "What it costs to own"
COST_SENTENCE = (
    "Bought {condition}{place} for {price} and kept {years} years, it costs {total} in all ({low} to {high}): "
    "{per} per {amount} {noun} ({per_low} to {per_high})."
)
NO_COST = "No price of this card to own is known for this work, so its cost cannot be told."
COST_TERMS = "At {kwh} a kWh, {tax}% tax on top of US and Canadian prices, in use {duty}% of the time: see Settings."
COST_PARTS = ("Price with tax", "Power", "Hosting", "Less what it sells for", "In all", "A useful hour")
RESALE_CURVE = "What it sells for"
RESALE_WORDS = "Sold after {years} years, it brings about {middle} ({low} to {high}), the fee for selling taken off."
RENT_OR_BUY_HERE = "Rent or buy"
NO_RENT_HERE = "No rental price of this card is known; the page Rent or buy takes prices that you type in."
EVIDENCE_PRICES = "Where the newest prices come from"
REJECTED_BESIDE = "Told apart from this card"
REJECTED_BESIDE_NOTE = "Things read beside its offers that were not counted, with the reason."
STALE_NOTE = "The newest price is {age} old (from {day}): read this as history, not as today's advice."
FRESH_NOTE = "Newest price: {day}."


def day(value: date) -> str:
    """A day as people write it: "14 May 2024"."""
    return f"{value.day} {value:%B %Y}"


def money(value: Money | None) -> str:
    """An amount with its currency, for reading."""
    return "" if value is None else formats.money(value)


def window(low: float | None, high: float | None) -> str:
    """A window of weeks as people say it: "2 to 6 weeks", "3 to 6 months"; empty without one."""
    if low is None or high is None:
        return ""
    if high <= 13:
        first, last, unit = round(low), max(1, round(high)), "week"
    else:
        first, last, unit = round(low / 4.345), max(1, round(high / 4.345)), "month"
    if first == last:
        return f"about {last} {unit}{'s' if last > 1 else ''}"
    return f"{first} to {last} {unit}s"


def gauge(found: Gauge | None) -> str:
    """The limbo gauge in one sentence."""
    if found is None:
        return "Limbo gauge: cannot tell, no market has fresh prices."
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


def percent(share: float) -> str:
    """A share of the price without false precision: "about 12 %", "under 1 %"."""
    size = abs(share) * 100
    return "under 1 %" if size < 1 else f"about {size:.0f} %"


def sureness(confidence: float) -> str:
    """A confidence in words and number."""
    words = (
        "very sure"
        if confidence >= 0.9
        else "fairly sure"
        if confidence >= 0.7
        else "not very sure"
        if confidence >= 0.5
        else "unsure"
    )
    return f"{words}: {round(confidence * 100)} of 100"


def age(days: int) -> str:
    """How old something is, in the largest fitting unit."""
    for least, size, unit in ((1095, 365, "year"), (60, 30, "month"), (14, 7, "week")):
        if days >= least:
            return f"{round(days / size)} {unit}s"
    return f"{days} day{'' if days == 1 else 's'}"
