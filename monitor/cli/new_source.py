"""From an address to a working entry: the ways in which a shop may be read are tried out, the best one is kept."""

import json
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from monitor.cli.spider_runs import CHECK_ONLY, Line, run_spiders
from monitor.core.countries import country_code
from monitor.errors import UsageError

ENDPOINTS = {"shopify": "/products.json", "woocommerce": "/wp-json/wc/store/v1/products"}
TLDS = {
    "de": "DE", "at": "AT", "ch": "CH", "fr": "FR", "es": "ES", "it": "IT", "nl": "NL", "be": "BE", "uk": "GB",
    "ie": "IE", "pl": "PL", "cz": "CZ", "sk": "SK", "hu": "HU", "no": "NO", "se": "SE", "dk": "DK", "fi": "FI",
    "pt": "PT", "gr": "GR", "ro": "RO", "bg": "BG", "ua": "UA", "jp": "JP", "kr": "KR", "tw": "TW", "in": "IN",
    "bd": "BD", "au": "AU", "nz": "NZ", "br": "BR", "mx": "MX", "ca": "CA", "us": "US", "za": "ZA", "sg": "SG",
}  # fmt: skip
HOMES = {
    "USD": "US", "GBP": "GB", "CAD": "CA", "AUD": "AU", "NZD": "NZ", "JPY": "JP", "PLN": "PL", "CZK": "CZ", "HUF": "HU",
    "NOK": "NO", "SEK": "SE", "DKK": "DK", "CHF": "CH", "INR": "IN", "KRW": "KR", "TWD": "TW", "BRL": "BR", "UAH": "UA",
}  # fmt: skip
NO_TAX_SHOWN = ("US", "CA")

Entry = dict[str, Any]


def try_out(url: str, wishes: Mapping[str, str], known: Collection[str]) -> tuple[Entry, Line]:
    """The best entry for an address and what it reads; the line's state says if it reads anything."""
    entry = _first_entry(url, wishes, known)
    ways = _ways(entry)
    lines = _read(ways)
    best = max(ways, key=lambda name: (lines[name]["offers"], name == "page"))
    if not lines[best]["offers"]:
        feed = {"feed": {**entry, "kind": "feed", "cadence_hours": 1}}
        if lines["page"]["state"] == "empty" and (line := _read(feed)["feed"])["offers"]:
            return feed["feed"], line
        return entry, lines["page"]
    return _finished(ways[best], lines[best], wishes), lines[best]


def entry_text(entry: Entry) -> str:
    """The entry as TOML; JSON's strings, numbers and lists are TOML's too."""
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in entry.items() if name != "name"]
    return f"[{json.dumps(entry['name'])}]\n" + "\n".join(lines) + "\n"


def _first_entry(url: str, wishes: Mapping[str, str], known: Collection[str]) -> Entry:
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError(f"{url!r} is no web address: it begins with http:// or https://")
    name = wishes.get("name") or host.removeprefix("www.").replace(".", "-").replace(":", "-")
    if name in known:
        raise UsageError(f"there is a source {name!r} already: choose another name with --name")
    country = country_code(wishes.get("country", "")) or TLDS.get(host.rsplit(".", 1)[-1], "")
    entry: Entry = {"name": name, "title": host, "starts": [url], "condition": wishes.get("condition", "new")}
    entry |= {"country": country} if country else {}
    return entry | ({"currency": wishes["currency"].upper()} if "currency" in wishes else {})


def _ways(entry: Entry) -> dict[str, Entry]:
    """The same shop read as a page, and as the shop systems that answer in JSON."""
    parts = urlsplit(entry["starts"][0])
    ways = {"page": entry}
    for reader, path in ENDPOINTS.items():
        collection = parts.path.rstrip("/") if reader == "shopify" and parts.path.startswith("/collections/") else ""
        start = f"{parts.scheme}://{parts.netloc}{collection}{path}"
        ways[reader] = {**entry, "reader": reader, "starts": [start]}
    return ways


def _read(ways: Mapping[str, Entry]) -> dict[str, Line]:
    """What each way reads, from a sources file that lasts as long as the attempt."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sources.toml"
        path.write_text("\n".join(entry_text({**entry, "name": way}) for way, entry in ways.items()), "utf-8")
        chosen = [{"name": way, "kind": entry.get("kind", "shop")} for way, entry in ways.items()]
        return {line["source"]: line for line in run_spiders(chosen, {**CHECK_ONLY, "SOURCES_FILE": str(path)})}


def _finished(entry: Entry, line: Line, wishes: Mapping[str, str]) -> Entry:
    """The entry with the currency that its offers carry, and what follows from it."""
    seen = Counter(offer["currency"] for offer in line["read"])
    currency = entry.get("currency") or (seen.most_common(1)[0][0] if seen else "")
    country = entry.get("country") or HOMES.get(currency, "")
    found: Entry = {"currency": currency, "country": country}
    if country:
        found["tax_included"] = country not in NO_TAX_SHOWN
    return entry | {name: value for name, value in found.items() if value != ""}
