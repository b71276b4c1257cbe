"""Price texts: a table of what shops write, the readings that other tools got wrong, and properties."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.currencies import currency_code
from monitor.core.models import Money
from monitor.core.money import find_amounts, normalise, parse_money, read_number
from monitor.core.price_words import Role

READ = [
    ("1.999,00 €", {}, "1999.00 EUR"),
    ("1 999,00 zł", {}, "1999.00 PLN"),
    ("₹1,79,990", {}, "179990 INR"),
    ("Rs. 1,79,990", {}, "179990 INR"),
    ("R$ 9.999,00", {}, "9999.00 BRL"),
    ("1'999.-", {"hint": "CHF"}, "1999 CHF"),
    ("Fr. 1’299.00", {}, "1299.00 CHF"),
    ("￥198,000（税込）", {}, "198000 JPY"),
    ("198 000円", {}, "198000 JPY"),
    ("¥6,499.00", {"country": "CN"}, "6499.00 CNY"),
    ("1,899,000원", {}, "1899000 KRW"),
    ("35만원", {}, "350000 KRW"),
    ("NT$28,990", {}, "28990 TWD"),
    ("HK$ 8,999", {}, "8999 HKD"),
    ("$1,999.00 or 12 x $166.58", {}, "1999.00 USD"),
    ("$1,999.00", {"country": "CA"}, "1999.00 CAD"),
    ("$1,299 CAD", {}, "1299 CAD"),
    ("Edition C $1,299", {"country": "US"}, "1299 USD"),  # the C names the edition
    ("USB Type-C $49.00", {"country": "US"}, "49.00 USD"),
    ("now C $1,299", {"country": "US"}, "1299 CAD"),
    ("AU $2,100.00", {"country": "US"}, "2100.00 AUD"),  # as eBay writes
    ("ASUS RTX 4090 NZ $1,999", {}, "1999 NZD"),
    ("CAD $1,899.00", {}, "1899.00 CAD"),
    ("USD $999.00", {"country": "CA"}, "999.00 USD"),
    ("AUD$2,100", {"hint": "USD"}, "2100 AUD"),
    ("SGD $2,100", {"country": "SG"}, "2100 SGD"),
    ("MX $25,999.00", {}, "25999.00 MXN"),
    ("NVIDIA T1000 for CAD $499.00", {"country": "US"}, "499.00 USD"),
    ("$1,999 USD, $2,699 CAD shipped", {"country": "US"}, None),
    ("A$1,299", {}, "1299 AUD"),
    ("US $599.99", {"country": "DE"}, "599.99 USD"),
    ("$1.999", {"country": "CL"}, "1999 CLP"),
    ("1 199€95", {}, "1199.95 EUR"),
    ("€ 1408,--", {}, "1408 EUR"),
    ("2.599,– €", {}, "2599 EUR"),
    ("49 900 р.", {}, "49900 RUB"),
    ("38 999 ₴", {}, "38999 UAH"),
    ("24 990 Ft", {}, "24990 HUF"),
    ("2 499,- Kč", {}, "2499 CZK"),
    ("1 299 kr", {"country": "SE"}, "1299 SEK"),
    ("1299:-", {"country": "SE"}, "1299 SEK"),
    ("kr 1.299", {"country": "DK"}, "1299 DKK"),
    ("1.299,00 TL", {}, "1299.00 TRY"),
    ("£1,299.00 inc VAT", {}, "1299.00 GBP"),
    ("12,32840 €", {}, "12.32840 EUR"),
    ("1 189,000 TND", {}, "1189.000 TND"),  # a dinar has three decimals
    ("KWD 1,189.500", {}, "1189.500 KWD"),
    ("449,00 zł (399,00 zł z kodem ZIMA)", {}, "449.00 PLN"),
    ("449 €, mit Code WINTER10: 399 €", {}, "449 EUR"),
    ("£449 use code SAVE10 for £30 off", {}, "449 GBP"),
    ("69 Kč 153,33 Kč / 100 g", {}, "69 CZK"),
    ("549 € per l'acquisto online", {}, "549 EUR"),
    ("549 € par l’équipe", {}, "549 EUR"),
    ("2879.2", {"hint": "EUR"}, "2879.2 EUR"),
    ("1.999,00", {"hint": "€"}, "1999.00 EUR"),
    ("Regular price $31.95", {}, "31.95 USD"),
    ("R$ 9.999,00 à vista ou 10x de R$ 1.111,00", {}, "9999.00 BRL"),
    ("De: R$ 5.999,00 Por: R$ 4.999,00", {}, "4999.00 BRL"),
    ("UVP 999,00 € 899,00 €", {}, "899.00 EUR"),
    ("89,800円 (税抜 81,636円)", {}, "89800 JPY"),
    ("\u200e1\u00a0999,00\u202f€", {}, "1999.00 EUR"),
]

# What price-parser 0.5.1 makes of these: 509032, 1, 200, 1999 (and -5 becomes 5).
BUGS_CAUGHT = [
    ("RTX 5090 32GB $2,899", {}, "2899 USD"),
    ("Asus Prime RTX 5070 $629.99", {}, "629.99 USD"),
    ("Radeon RX 9070 € 599,00", {}, "599.00 EUR"),
    ("RTX 4070 EUR 499", {}, "499 EUR"),
    ("Sapphire RX 580 899 zł", {}, "899 PLN"),
    ("1’899.– CHF", {}, "1899 CHF"),
    ("Save $200 Now $1,299", {}, "1299 USD"),
    ("$1.999", {}, None),
    ("-5", {"hint": "EUR"}, None),
    ("-5 €", {}, None),
]

NO_PRICE = [
    ("", {}),
    ("call for price", {"hint": "USD"}),
    ("1299", {}),  # no currency and no hint
    ("1 299 kr", {}),  # whose crowns?
    ("$1,299", {"hint": "EUR"}),  # the sign contradicts the shop
    ("5 459,00 zł4 899,00 zł", {}),  # two prices
    ("3.46€ - 4.15€", {}),
    ("ab 1.249 €", {}),
    ("from $499", {}),
    ("$122/mo", {}),
    ("Was: $596.98", {}),
    ("+ 50,00 € Versand", {}),
    ("500 € netto", {}),
    ("$0.00", {}),
    ("RTX 5090", {"hint": "USD"}),
    ("20% off", {"hint": "USD"}),
    ("$1.5k", {}),
    ("9" * 500 + " €", {}),
    ("1e309", {"hint": "USD"}),
    ("NaN", {"hint": "USD"}),
]


def as_money(text: str | None) -> Money | None:
    if text is None:
        return None
    amount, currency = text.split()
    return Money(amount=Decimal(amount), currency=currency)


@pytest.mark.parametrize(("text", "known", "expected"), [*READ, *BUGS_CAUGHT])
def test_reads_the_asking_price(text: str, known: dict[str, str], expected: str | None) -> None:
    assert parse_money(text, **known) == as_money(expected)


@pytest.mark.parametrize(("text", "known"), NO_PRICE)
def test_gives_nothing_rather_than_a_guess(text: str, known: dict[str, str]) -> None:
    assert parse_money(text, **known) is None


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("£349.00 £279.00 save £70.00", [Role.ASKING, Role.ASKING, Role.SAVING]),
        ("Price for both: $655.00", [Role.EXTRA]),
        ("Get cash $150.00", [Role.EXTRA]),
        ("€ 450,00 prezzo in negozio", [Role.EXTRA]),
        ("€ 90,00 di trasporto", [Role.SHIPPING]),
        ("25,50 € 250ml (10,20 €/100ml)", [Role.ASKING, Role.EXTRA]),
        ("Samsung CLP-365W", []),
        ("500,00 € 450,00 € -10 %", [Role.ASKING, Role.ASKING]),
        ("Nettó ár: 96 055 Ft", [Role.NET]),
        ("Члены клуба платят 1 999 ₽", [Role.MEMBER]),
        ("券后 ¥6299.00", [Role.MEMBER]),
        ("Frete: R$ 29,90", [Role.SHIPPING]),
        ("Najniższa cena z 30 dni: 929,00 zł", [Role.WAS]),
        ("30 Tage Rückgaberecht 929,00 €", [Role.ASKING]),
        ("30 day returns $929.00", [Role.ASKING]),
        ("dont éco-participation 0,50 €", [Role.SHIPPING]),
        ("3 Year Protection Plan for $57.99", [Role.EXTRA]),
    ],
)
def test_amounts_have_roles(text: str, roles: list[Role]) -> None:
    assert [amount.role for amount in find_amounts(normalise(text), country="CN")] == roles


def test_a_shared_sign_is_decided_by_the_country_or_not_at_all() -> None:
    assert [currency_code("$", country) for country in ("US", "CA", "AU", None)] == ["USD", "CAD", "AUD", "USD"]
    assert [currency_code("kr", country) for country in ("SE", "NO", None, "DE")] == ["SEK", "NOK", None, None]


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("1.999", "EUR", "1999"),
        ("1.999", "USD", None),
        ("1,999", "EUR", None),
        ("0.999", "USD", "0.999"),
        ("1.234.56", "EUR", None),
    ],
)
def test_a_number_with_two_readings_has_none(text: str, currency: str, expected: str | None) -> None:
    assert read_number(text, currency) == (Decimal(expected) if expected else None)


amounts = st.decimals(min_value="0.01", max_value="9999999", places=2)


@given(amounts)
def test_a_formatted_price_reads_back(amount: Decimal) -> None:
    german = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert parse_money(f"{german} €") == Money(amount=amount, currency="EUR")
    assert parse_money(f"${amount:,.2f}") == Money(amount=amount, currency="USD")
    assert parse_money(f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",") + " zł") == Money(
        amount=amount, currency="PLN"
    )


@given(st.text(max_size=200), st.sampled_from([None, "EUR", "$", "¥", "kr"]), st.sampled_from([None, "DE", "US", "JP"]))
def test_any_text_gives_a_positive_amount_or_nothing(text: str, hint: str | None, country: str | None) -> None:
    money = parse_money(text, hint, country)
    assert money is None or (money.amount > 0 and money.amount.is_finite() and len(money.currency) == 3)


def test_a_dash_for_the_cents_is_no_minus_of_the_amount_in_the_next_line():
    assert [amount.value for amount in find_amounts("699,-\n579,99 €", "EUR")] == [699, Decimal("579.99")]
    assert [amount.value for amount in find_amounts("- 50,00 €", "EUR")] == [Decimal("-50.00")]
