"""Every sentence that the pages show, in one place, so that another language is another table."""

from dashboard.wording import (  # noqa: F401 - words made of values are texts too
    CONDITIONS,
    SHAPES,
    VERDICTS,
    age,
    condition,
    corrected,
    counted,
    day,
    figure,
    gauge,
    marked,
    money,
    percent,
    run_detail,
    sentence,
    span,
    sureness,
    times_own,
    verdict,
    window,
    work_amount,
)
from monitor.core.goal_card import FRESH_NOTE, STALE_NOTE  # noqa: F401 - shown on other pages too

APP = "gpu-limbo"
TAGLINE = "When to buy a GPU for deep learning, and which one."

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
READING_PRICES = "All prices are being read. After a start that takes a while where many are stored."
NO_SCRIPT = (
    "Questions, charts and settings need JavaScript. The verdicts do not: they stand on the first page, and for "
    "programs at /api/v1/signals, /feed.atom and /calendar.ics."
)
WHY = "Why, and what would change it"
OTHER_GOALS = "Other goals"
QUESTIONS = "Make it yours: a few questions"
Q_WORK = "What do you train or run?"
Q_REGION = "Where do you buy?"
Q_HAVE = "What do you have now?"
HAVE_NOTHING = "no GPU, or another one"
Q_CONDITIONS = "How would you get it?"
Q_BUDGET = "Budget in {currency} (0: any)"
Q_BUDGET_ALL = "Budget for all in {currency} (0: any)"
Q_CARDS = "How many cards?"
Q_MEMORY = "Memory of each, GB or more"
Q_MEANWHILE = "And while you wait?"
MEANWHILE = {
    "": "as my settings say",
    "rent": "I rent one instead",
    "nothing": "the work can wait",
    "lost": "the work is lost",
}
Q_SHOW = "Show my verdict"
GOAL = "Goal"
EVIDENCE = "The prices behind it"
HELD_ON = "On {day}:"
HELD_BEFORE = "Until then, from the prices known before: on {day} {said}."
TIME_MACHINE = "This is the page as of {day}: it knows nothing later."
STALE_DATA = (
    "The newest price is {age} old ({day}): read what follows as history, not as today's advice. "
    "`gpu-limbo crawl` fetches today's prices; `gpu-limbo up` does so by itself."
)
CARD = "Card"
MARKET = "Market"
PRICES = "Prices"
FACTS = "Facts"
WHERE_FACTS_STAND = "Where each fact stands"
OUTLOOK = "Successor"
FOLLOWED_BY = "Followed by {names}."
NOT_FOLLOWED = "Nothing has followed it yet."
SUCCESSOR = "A successor on sale: {chances}. This rests on: {evidence}."
NO_END_IN_SIGHT = "No date can be given."
NOT_KNOWN = "not known"
OFFERS_NOW = "Offers now"
SYNTAXES = {  # where on a page a price stood
    "jsonld": "JSON-LD", "rdfa": "RDFa", "opengraph": "OpenGraph", "visible": "text of the page",
    "listing": "row of a list", "script_state": "data of a script",
    "option_list": "list of choices", "shop_rule": "the shop's own markup",
    "json_api": "price interface", "cloud_api": "price interface",
}  # fmt: skip
RENTED_PAGE = "A rented hour leads to its provider's price list, which some providers answer to programs only."
CONVERTED = "Converted by the European Central Bank's reference rates of {day}."
AS_PAID = "Prices are as a buyer pays them there. Compared without tax, they stand in the last column."
AS_PAID_UNKNOWN = "For {places} no one rate of tax is known, so that their prices keep it."
NO_OFFERS = "No live offer of the last three days is known. `gpu-limbo crawl` reads the shops now."
NO_CALL_FOR_CARD = "There is no call for this card: no price of it is known. `gpu-limbo crawl` reads the shops now."
NEWS = "News"
NO_NEWS = "No headline about GPUs has been read yet. `gpu-limbo crawl` reads the feeds now."
TIMELINE_TITLE = "Launches and what is expected"
SEGMENT = "Segment"
LIMBO_PERIODS = "When it said to wait"
NO_GAUGE_HISTORY = "The past weeks have not been replayed yet: the page Track record does it, or the service by itself."
GAUGE_NOTE = "The limbo gauge says for how much of the market one should wait: 0 for none, 100 for all."
NO_LAUNCHES = "No launch is known for this choice."
HEALTH_TITLE = "Data health"
SOURCES = "Sources"
QUARANTINE = "Doubted prices"
QUARANTINE_NOTE = (
    "These jumped further than the market explains. They count after a second sighting, or on your word; those of a "
    "source at fault and those that look like no price at all on your word only, or when other shops ask about as much."
)
LAST_READ = "Last read {when} UTC."
NO_QUARANTINE = "No price is doubted."
REJECTED = "Could not be read"
CORRECT = "Put a title right"
CORRECT_TITLE = "Title"
CORRECT_GPU = "It is"
NO_GPU = "no GPU at all"
CORRECTED_REJECTED = "What was refused under this title comes in at once, if its price could be read."
CORRECT_OFFER = "One of these is another card, or none"
SAID = "What you said about titles"
MORE_DOUBTED = "{n} more wait, older than these."
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
KEEP_RULE = "Keep this rule"
RULES_IN_FORCE = "What you are told. A rule tries the last year of stored history before it is kept."
NEW_RULE = "Another rule"
RULE_KINDS = {
    "signal_flip": "the call changes",
    "price_below": "a price to buy is below a limit",
    "below_fair": "a price is 10 % below its usual one",
    "restock": "a card is in stock again",
    "limbo": "a limbo begins or ends",
    "launch": "a launch or an announcement is in the news",
    "rental_below": "a price to rent is below a limit",
    "source_broken": "a source breaks or works again",
    "record_settled": "a call has come to its end",
}
RULE_BELOW = "below {limit}"
RULE_CAP = "at most {n} a day"
RULE_DIGEST = "gathered, {digest}"
RULE_QUIET = "not from {start} to {end}"
RULE_MUTED = "silent until {day}"
RULE_CONDITION, RULE_REGION, ANY = "Condition", "Region, such as US (empty: any)", "any"
RULE_WHEN, AT_ONCE, DAILY, WEEKLY = "How", "at once", "gathered, once a day", "gathered, once a week"
RULE_QUIET_HOURS, RULE_ZONE = "Quiet hours", "Time zone of these hours"
CHANNELS = "Channels"
CHANNELS_SET = "{channels} set by GPU_LIMBO_CHANNELS."
TEST_KIND = "A sample of"
SEND_TEST = "Send it over every channel"
SENDING = "Sending ..."
TEST_SENT = "{channel} took it."
TEST_FAILED = "{channel} did not take it: {error}"
CHOICES = "Where you are and what counts for you"
CHOICES_NOTE = (
    "Calls, rankings and costs use these. What you leave as it is follows `GPU_LIMBO_REGION` and `GPU_LIMBO_CURRENCY`."
)
REGION, CURRENCY = "Country", "Currency to compare in"
NUMBERS_AS_IN, AS_BROWSER = "Numbers as written in", "as the browser asks"
TAX = "Tax on top of shown prices, % (US and Canada)"
TARIFF = "A kWh costs, {currency}"
DELAY = "A week without the card costs, % of its price"
KEEP_CHOICES = "Keep and rank anew"
RANKS_ANEW = "Ranking and calling anew ..."
CHOICES_KEPT = "Kept. Every page uses it from now on."
PROBE_TITLE = "Your own card"
NO_PROBE = (
    "No card has been measured here yet. On the machine with the GPU, this takes a minute and changes nothing on it:"
)
PROBE_NOTE = "It keeps its figures in the same database, so run it with the same DATABASE_URL or GPU_LIMBO_HOME."
MEASURED_ON = "Measured on {day}."
NOT_CALIBRATED = "This is not a whole GPU of the catalogue, so no estimate changes by it."
WHAT_IT_CHANGES = "What that changes in the estimates for this card:"
NOTHING_TO_COMPARE = "Measured; there is nothing to compare it with."
CARD_GOOD = "Your card is as good as its model:"
CARD_DEGRADED = "Your card does less than it could:"
OF_A_HEALTHY = "of a healthy {gpu}"
COMPARE_TITLE = "What a dollar buys"
AS_A_SET = (
    "Ranked by what {cards} cards do together in one machine, less what they lose to each other. Prices: of one card."
)
LEFT_ASIDE = "Not ranked: {cards} too old for a call"
LEFT_ASIDE_WHY = "More than nine weeks older than the newest price here: nobody may get the card for it today."
PLANE = "Price against throughput"
FILTERS = "Filters"
LEAST_MEMORY = "Memory, GB or more"
MOST_POWER = "Power, W at most (0: any)"
MOST_FOR_MONEY = "Most for the money: {gpu}"
SIDE_BY_SIDE = "Side by side"
PROGRESS = "Progress of the field"
RENT_TITLE = "Rent or buy"
OWN_CARD = "Card to own"
RENTED_CARD = "Card to rent"
TPU_OR_GPU = "TPU or GPU for this work"
DELAY_SENTENCE = (
    "A week without the card, at {hours} hours a day, costs {renting} % of its price if you rent meanwhile, {lost} % "
    "if the work is lost, and nothing if it can wait: that is the cost of delay that your settings and goals ask for."
)
PRICE_TO_BUY = "Price to buy, {currency}"
PRICE_TO_RENT = "Price to rent, {currency} an hour"
YEARS = "Years that it is kept"
KWH = "Price of a kWh, {currency}"
IN_DOLLARS = "In US dollars, by the European Central Bank's rates of {day}: {price} to buy, {hour} an hour to rent."
MONTH_HOURS = "Your hours a month (0: any)"
AT_HOURS = (
    "**At {month} hours a month ({day} a day): {answer}.** In {years} years owning costs {owning}, renting {renting}."
)
PRICE_TO_BUY_ON, PRICE_TO_RENT_ON = "The price to buy is of {day}.", "The price to rent is of {day}."
PRICES_APART = (
    "The price to {old} is {age} older than the price to {new}: the answer mixes two times. Type in today's price."
)
GIVE_PRICES = "No price of this is known: type in what the card costs and what an hour costs."
SENSITIVE_TO = "The threshold hangs most on these, each over its 80 % range:"
BUILD_TITLE = "The machine around the cards"
HOW_MANY = "How many"
ZERO_IS_UNKNOWN = "What you have or plan; 0 where you do not know. `gpu-limbo build --here` reads this machine."
BUILD_FAILS = "This will not work: {parts}."
BUILD_TIGHT = "This works, but it is tight: {parts}."
BUILD_WASTES = "This works, and money is wasted on {parts}."
BUILD_UNKNOWN = "What is known suits these cards; not known: {parts}."
BUILD_OK = "This machine suits these cards."
BUILD_HAVE, BUILD_NEED = " (have {have}, need {need})", " (need {need})"
RECORD_TITLE = "Track record"
NO_RECORD = (
    "No call has been noted yet: the record begins with the first call on fresh prices. `gpu-limbo up` makes one."
)
RECORD_ENTRIES = "The newest entries"
RECORD_WHOLE = "{n} entries, each chained to the one before: nothing was changed afterwards."
RECORD_BROKEN = "Entry {n} is missing or does not follow from those before it: the record was changed afterwards."
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
NO_BACKTEST = "No backtest has run on this database yet. The service makes one within two hours; it takes a minute."
TOO_SHORT = (
    "No series of card prices in this database is long enough to be scored: it takes 10 dates over 270 days. "
    "`gpu-limbo import PATH` reads your own price files."
)
RUN_BACKTEST = "Run it now"
RUN_AGAIN = "Run it again"
BACKTEST_RUNS = "Week {done} of {total}"
BACKTEST_SAYS = (
    "Over {series} from {first} to {last}, buyers who followed the calls saved {saved} % against buying at once; one "
    "who knew the future would have saved {possible} %; always waiting {waited}."
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
SAVES, LOSES = "would have saved {x} %", "would have lost {x} %"
RELIABLE = "of {n} calls stated with {stated} %, {true} % came true"
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
REPLAY_MARK = "Replay, not today: "
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
    "in the light one. How often such bands held in the past stands in docs/method.md."
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
    "overhead": "held up between its steps, by launches and the host",
    "capacity": "bound by the size of its memory",
}
DOES_NOT_FIT = "{gpu} does not do this work: {reason}."
OWNERSHIP = "What it costs to own"
COST_SENTENCE = (
    "Bought {condition}{place} for {price} and kept {years} years, it costs {total} in all ({low} to {high}): "
    "{per} per {amount} {noun} ({per_low} to {per_high})."
)
RENTED_SENTENCE = "Rented for {price} an hour, it does that for {per} per {amount} {noun} ({low} to {high})."
NO_COST = "No price of this card to own is known for this work, so its cost cannot be told."
COST_TERMS = "At {kwh} a kWh, {tax}% tax on top of US and Canadian prices, in use {duty}% of the time: see Settings."
COST_PARTS = ("Price with tax", "Power", "Hosting", "Less what it sells for", "In all")
COST_HOUR = "A useful hour"
RESALE_CURVE = "What it sells for"
RESALE_WORDS = "Sold after {years} years, it brings about {middle} ({low} to {high}), the fee for selling taken off."
RENT_OR_BUY_HERE = "Rent or buy"
NO_RENT_HERE = "No rental price of this card is known; the page Rent or buy takes prices that you type in."
ALL_EVIDENCE = "All prices and offers of the {gpu}"
EVIDENCE_PRICES = "Where the newest prices come from"
REJECTED_BESIDE = "Told apart from this card"
REJECTED_BESIDE_NOTE = "Things read beside its offers that were not counted, with the reason."
