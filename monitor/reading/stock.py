"""What a page says about stock and condition, in words that people read."""

import re
from collections.abc import Iterable
from functools import lru_cache

from monitor.core.models import Availability, Condition
from monitor.core.words import lowered
from monitor.reading.action_words import ACTIONS, BUY, NOTIFY
from monitor.reading.condition_words import CONDITION_LABEL, CONDITIONS, GRADED, REFURBISHED_BY
from monitor.reading.delivery_words import DELAY, DELIVERY_TIME, SHELF_DAYS, SOON_DAYS
from monitor.reading.stock_words import FEW, STOCK, WHOLE_LINE

MAX_LINE = 90
FEW_PIECES = 5
NEAR_STATES = 3
FEW_BEFORE = 2  # states before a labelled one that may say it more closely


def stock_in(lines: Iterable[str], markup: Availability = Availability.UNKNOWN) -> Availability:
    """The state that lower-case lines of text state; `markup` decides where they contradict each other.

    Clear words beat markup, a button to buy counts only where nothing else is said.
    """
    said: list[Availability] = []
    acts: set[str] = set()
    where: set[str] = set()
    labelled = elsewhere = False
    soon: Availability | None = None
    for line in lines:
        states, acting = _said_in(line, labelled)
        if elsewhere:  # "Pickup", "not available": the way, not the article
            states = tuple(state for state in states if state is not Availability.OUT_OF_STOCK)
        elsewhere = _OTHER_WAYS.fullmatch(line.strip()) is not None
        if labelled and len(states) == 1:
            few = states[0] is Availability.IN_STOCK and Availability.LIMITED in said[-FEW_BEFORE:]
            return Availability.LIMITED if few else states[0]  # "2 left!", below it "Availability:", "in stock"
        if labelled and not states and (delay := DELAY.match(line.strip())):
            return Availability.IN_STOCK if _days(delay) <= SHELF_DAYS else Availability.BACKORDER
        soon = soon or _soon(line)
        said += states
        where |= _where(line, states)
        if line.strip():
            labelled = _LABEL.match(line.strip()) is not None
        if not _FULL_CART.search(line):
            acts |= acting
    if where == {"branch", "not online"}:
        return Availability.LIMITED
    return _settle(said, acts, markup, soon)


def says_in_stock(lines: Iterable[str]) -> bool:
    """Whether a lower-case line says in words that the article is there."""
    return any(Availability.IN_STOCK in _said_in(line, False)[0] for line in lines)


@lru_cache(maxsize=20_000)
def _said_in(line: str, labelled: bool) -> tuple[tuple[Availability, ...], frozenset[str]]:
    """The states and the buttons of one line; the rows of a shop say the same over and over."""
    acting = frozenset(action for action, _, _ in ACTIONS.all_in(line)) if len(line) <= 60 else frozenset[str]()
    states = [] if line.rstrip().endswith((":", "：")) else _states_of(line, labelled)
    if NOTIFY in acting:  # "tell me when it is in stock"
        states = [state for state in states if state is not Availability.IN_STOCK]
    return tuple(states), acting


_OTHER_WAYS = re.compile(
    r"(?:free )?(?:in-?store |store |curbside |same[- ]day )?(?:pick-?\s?up|delivery|collection)(?: today)?"
    r"|click (?:&|and|\+) collect"
    r"|(?:markt)?abholung|abholung im markt|im markt|retrait(?: en)? magasin|recogida en tienda"
    r"|ritiro in negozio|afhalen"
    r"|odbiór (?:osobisty|w sklepie)|самовывоз|самовивіз|osobní odběr|hämta i butik|hent i butik"
)
_FULL_CART = re.compile(r"[(（]\s?\d+\s?[)）]$|^\D+\s\d{1,2}$")  # "Cart (0)" is no button to buy


_BRANCH = re.compile(
    r"\b(?:store|shop|filiale|markt|magasin|boutique|tienda|negozio|winkel|sklep|üzlet|магазин\w*|prodejn\w*|butik)\b"
)


_BY_POST = re.compile(
    r"online|\bship|deliver|livraison|versand|lieferung|envío|envio|spedizion|verzend|wysył|dostaw|доставк|leverans"
)


def _where(line: str, states: tuple[Availability, ...]) -> set[str]:
    """ "branch" for stock in a physical shop, "not online" where the web shop has none."""
    if Availability.OUT_OF_STOCK in states:
        return {"not online"} if _BY_POST.search(line) else {"out"}
    if Availability.LIMITED in states or Availability.IN_STOCK in states:
        return {"branch"} if _BRANCH.search(line) else {"in"}
    return set()


# "Image not available", "video unavailable", "gift wrap available": not about the article.
_OF_OTHERS = re.compile(
    r"\b(?:images?|videos?|photos?|pictures?|previews?|reviews?|ratings?|gift|wrap|pick-?\s?up|collection|returns?"
    r"|warranty|plans?|financing|installation|assembly"
    r"|vouchers?|coupons?|colou?rs?|sizes?|javascript|browser|chat|support|page|website|bild(?:er)?|videos?"
    r"|vorschau|foto|abholung|geschenk\w*|finanzierung"
    r"|not (?:available|eligible) for (?!purchase|sale|order|delivery|shipping|you)\w+"
    r"|immagin[ei]|imagen|imagem|afbeelding|zdjęcie|kép|фото\w*|изображени\w*|зображенн\w*|obrázek|bilden)\b"
)
# A line that only announces the state: "Availability:", "Dispo web :"; what follows it is the state.
_LABEL = re.compile(
    r"(?:availability|(?:current )?stock(?: status| level)?|verfügbarkeit|lagerbestand|lieferstatus"
    r"|lieferbarkeit|bestand"
    r"|disponibilit[éàa]|stan magazynowy|stan|magazyn|estoque|existencias|raktárkészlet|raktár|dostupnosť|lagersaldo"
    r"|tilgjengelighet|tilgængelighed|tillgänglighet|διαθεσιμότητα|наличност|stoc|stok|zaliha|rispon|saadavus"
    r"|dostupno"
    r"|остаток|залишок|склад|재고상태|재고수량|재고 여부|在庫状態|在庫数|库存状态|庫存狀態|庫存|供貨狀況"
    r"|dispo(?: web)?|disponibilidad|disponibilidade"
    r"|beschikbaarheid|voorraad|dostępność|elérhetőség|készlet|наличие|наявність|dostupnost|lagerstatus|lager"
    r"|saatavuus|在庫状況|在庫|库存|재고)\s*[:：]?$"
)


@lru_cache(maxsize=20_000)
def _soon(line: str) -> Availability | None:
    """What a delivery time says of the stock: a few days come from the shelf, weeks from somewhere else."""
    match = DELIVERY_TIME.search(line) if len(line) <= MAX_LINE else None
    if match is None:
        return None
    return Availability.IN_STOCK if _days(match) <= SOON_DAYS else Availability.BACKORDER


def _days(match: re.Match[str]) -> float:
    longest = int(match[2] or match[1])
    if match[4]:
        return longest * 7
    return longest / 24 if match[3].startswith(("ho", "ч", "god", "stun")) or match[3] == "h" else longest


def _states_of(line: str, labelled: bool = False) -> list[Availability]:
    """The states that one line states about the article; none for prose."""
    line = line.strip()
    label = _LABEL_BEFORE.match(line)
    alone = (line[label.end() :] if label else line).strip(" .!•()[]")
    if alone in WHOLE_LINE and (labelled or label or _SOLD.fullmatch(alone)):
        return [WHOLE_LINE[alone]]
    if (labelled or label) and (count := _COUNT.fullmatch(alone)):
        return [_by_count(int(count[2]), more=bool(count[3]) or count[1] == ">")]
    if _AT_BRANCHES.search(line):
        return [Availability.IN_STOCK]
    if match := FEW.search(line):
        few = next((group for group in match.groups() if group), "")
        number = int("".join(char for char in few if char.isdigit()) or 0)
        left = match.group(1) or match.group(2)
        if left and number and not _MORE.search(line):
            return [Availability.LIMITED]
        return [_by_count(number, more=_MORE.search(line) is not None)]
    found: list[Availability] = []
    if _OF_OTHERS.search(line):
        return found
    negated = -9  # end of a word like "currently not", which turns the next one round
    for state, start, end in STOCK.all_in(line):
        clear = (
            len(line) <= (60 if state is Availability.OUT_OF_STOCK else 40)
            or start <= 3
            or (end - start) * 3 >= len(line)
        )
        if state is Availability.IN_STOCK and (late := DELIVERY_TIME.match(line, start)) and _days(late) > SOON_DAYS:
            state = Availability.BACKORDER  # "lieferbar in 14 Tagen"
        turned = state is Availability.IN_STOCK and 0 <= start - negated <= 1
        negated = end if state is Availability.OUT_OF_STOCK else -9
        if not turned and ((clear and len(line) <= MAX_LINE) or start <= 3):
            found.append(state)
    return found


# "Available at 12 stores", "В наличии в 34 магазинах".
_AT_BRANCHES = re.compile(
    r"(?:available|in stock|verfügbar|auf lager|disponibles?|disponibile|op voorraad|dostępny|dostupné|skladem"
    r"|в наличии"
    r"|в наявності|på lager|i lager)\W{0,3}(?:at|in|en|dans|em|w|v|na|в|у|i)\s\d+\s\w*?(?:store|shop|filial"
    r"|m[aä]rkt|magasin"
    r"|tienda|negozi|winkel|sklep|salon|prodejn|poboč|магазин|butik)"
)


def _by_count(number: int, *, more: bool) -> Availability:
    """The state that a number of pieces means; `more` for "more than 5"."""
    if number == 0:
        return Availability.OUT_OF_STOCK
    return Availability.IN_STOCK if more or number > FEW_PIECES else Availability.LIMITED


_LABEL_BEFORE = re.compile(_LABEL.pattern.removesuffix("$").replace("[:：]?", "[:：]") + r"\s*")
_MORE = re.compile(
    r"\d\s?\+|>\s?\d|\b(?:more than|over|mehr als|über|plus de|más de|mais de|più di|oltre|meer dan|ponad"
    r"|powyżej|více než"
    r"|viac ako|több mint|больше|более|більше|понад|mer än|fler än|mere end|mer enn|yli|peste)\s\d|이상|以上"
)
# What is sold is sold, also without a label.
_SOLD = re.compile(
    r"sold|vendue?|vendid[oa]|venduto|verkocht|verkauft|продан|såld|solgt|myyty|prodáno|eladva|sprzedane|vândut"
    r"|satıldı"
)
_COUNT = re.compile(r"([<>~]|ca\.|min\.)?\s?(\d{1,6})\s?(\+)?\s*(?:[^\W\d]{1,8}\.?)?")


def _first_unless_near(said: list[Availability]) -> Availability:
    """ "In stock", "only 2 left" side by side: few. "Available to ship" and later "only 1 left" in some branch: the
    first says what an order gets."""
    first_few, first_in = said.index(Availability.LIMITED), said.index(Availability.IN_STOCK)
    return Availability.LIMITED if first_few <= first_in + 1 and len(said) <= NEAR_STATES else said[0]


def _settle(said: list[Availability], acts: set[str], markup: Availability, soon: Availability | None) -> Availability:
    states = set(said)
    if states == {Availability.LIMITED, Availability.IN_STOCK}:
        states = {said[0] if markup is Availability.IN_STOCK else _first_unless_near(said)}
    if len(states) == 1:
        return _against(states.pop(), acts, markup)
    if len(states) > 1:
        if markup in states:
            return markup
        if states == {Availability.OUT_OF_STOCK, Availability.BACKORDER}:
            return Availability.BACKORDER
        return markup if markup is not Availability.UNKNOWN else said[0]
    if markup is not Availability.UNKNOWN:
        return markup
    if soon is not None and NOTIFY not in acts:
        return soon
    if BUY in acts:
        return Availability.IN_STOCK
    return Availability.OUT_OF_STOCK if NOTIFY in acts else Availability.UNKNOWN


def _against(state: Availability, acts: set[str], markup: Availability) -> Availability:
    """One clear state against the markup: words win, but a lone "coming soon" beside a buy button does not."""
    live = markup in (Availability.UNKNOWN, Availability.IN_STOCK)
    if state is Availability.OUT_OF_STOCK and live and {BUY, NOTIFY} <= acts:
        return Availability.IN_STOCK  # both templates stand in the page; the button to buy is the live one
    soft = (Availability.PREORDER, Availability.IN_STOCK, Availability.DISCONTINUED)
    if (
        state in soft
        and markup not in (Availability.UNKNOWN, state)
        and BUY in acts
        and state is not Availability.IN_STOCK
    ):
        return markup
    return state


def condition_in_title(title: str) -> Condition:
    """Used or refurbished if the title says so; a title that says "new" or nothing leaves it unknown."""
    text = lowered(title)
    found = [condition for condition, _, _ in CONDITIONS.all_in(text)]
    for condition in (Condition.REFURBISHED, Condition.USED):
        if condition in found:
            return condition
    return Condition.USED if GRADED.search(text) else Condition.UNKNOWN


def condition_in_lines(lines: Iterable[str]) -> Condition:
    """The condition that a line of its own states: "Condition: used", "Refurbished", "· Occasion"."""
    labelled = graded = False
    for text in (part.strip(" ·•|-–()[]*【】") for line in lines for part in _parts(line)):
        if REFURBISHED_BY.match(text):
            return Condition.REFURBISHED
        if labelled:
            text = f"condition: {text}"
        label = CONDITION_LABEL.match(text)
        labelled = label is not None and label.end() == len(text) and not labelled
        rest = text[label.end() :] if label else text
        if not label and text in _CATEGORIES:
            continue
        if not rest or len(rest) > (100 if label else 34) or (any(char.isdigit() for char in rest[:30]) and not label):
            continue
        if GRADED.search(rest):
            graded, rest = True, GRADED.sub("", rest).strip(" -–,:/")
        found = CONDITIONS.all_in(rest)
        if label and not found and _GRADE.match(rest):
            graded = True
        if not found or found[0][1] > 2:
            continue
        if not label and len(found) > 1 and {state for state, _, _ in found} > {found[0][0]}:
            continue  # "new & used", "used or refurbished": a link to other offers
        covered = found[0][2] - found[0][1]
        after = rest[found[0][2] :].lstrip(" -–:,/")
        graded_after = len(after) < len(rest) - found[0][2] and _GRADE.match(after) is not None
        ranked = found[0][0] is not Condition.NEW and (graded_after or _RANK.match(rest, found[0][2]) is not None)
        if label or covered * 2 >= len(rest) or ":" in rest or ranked:
            return found[0][0]
    return Condition.USED if graded else Condition.UNKNOWN


def _parts(line: str) -> list[str]:
    """A short line's parts between bars and dots: "Used | 12 sold"."""
    return re.split(r"[|•·]", line) if len(line) <= MAX_LINE else [line]


# Parts of a shop, not conditions: links to all that is used.
_CATEGORIES = frozenset(
    ("occasions", "gebrauchtgeräte", "gebrauchtwaren", "used products", "usados", "usadas", "seminovos", "usati")
)
# "中古 ランクB", "used, grade A": a rank after the word.
_RANK = re.compile(r"\W{0,2}(?:[a-f](?:급|등급|\b)|ランク|grade|rank|stufe|klasse|品|美品|,)")
# What people say of things they have used, behind "Condition:".
_GRADE = re.compile(
    r"(?:very )?good|excellent|fair|acceptable|mint|as new|sehr gut|gut|in ordnung|wie neu|akzeptabel|neuwertig"
    r"|(?:en )?(?:très )?bon état|très bon|bon|état (?:correct|satisfaisant)|comme neuf|satisfaisant"
    r"|(?:en )?(?:muy )?buen estado|buen|como nuev|aceptable|bom|muito bom|como novo|ottim|buon|come nuov|discret"
    r"|bardzo dobry|dobry|jak nowy|zadowalający|heel goed|goed|zo goed als|kiváló|jó|újszerű|megkímélt"
    r"|хорош|отличн|идеальн|как нов|добр|відмін|як нов|velmi dobr|dobr|jako nov|mycket bra|bra|gott|som ny|god"
    r"|meget god"
    r"|hyvä|erinomainen|κaλ|ca nou|foarte bun|bun[aă]?|目立った|やや傷|傷や|未使用に近い|良い|상급|중급|特上"
    r"|九成|几乎全新"
)
