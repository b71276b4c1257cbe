"""What was read on the web, made fit to be shown to a person: addresses that may become links, and titles.

Whoever writes a shop's page chooses both. They end up in mails, chats, terminals and pages, so what passes here holds
no character that any of them takes for markup: escaping it again changes nothing, and forgetting to does no harm.
"""

import re
from ipaddress import IPv6Address
from unicodedata import category
from urllib.parse import quote, urlsplit

LONGEST_ADDRESS = 1500  # characters as they are sent; programs that read mail cut what is much longer
LONGEST_TITLE = 120
# Of what RFC 3986 allows; the rest is a mark of some chat's markdown or calls a person there, and is written as %XX.
KEPT = "%/?:;=&+$,-._!#"
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?")
BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# A parameter of this name hands whoever is given the link the key of whoever asked.
SECRET = re.compile(
    r"(?i)[?&#;](api[-_]?key|access[-_]?token|auth[-_]?token|token|password|passwd|secret|sig|signature)="
)
LIKE_AN_ADDRESS = re.compile(r"(?i)://|\bwww\.|\bmailto:|\w\.[a-z]{2,20}/")


def web_address(url: str) -> str:
    """The address as it may stand behind a link, in ASCII; "" where it may not.

    Only http and https with a host and without a user, a password or a secret among its parameters; what programs read
    in different ways (control characters, backslashes, hosts that are no names) does not pass at all.

    >>> web_address("https://shop.example/rtx 4090?a=(1)")
    'https://shop.example/rtx%204090?a=%281%29'
    >>> web_address("https://shop.example@evil.example/"), web_address("javascript:alert(1)")
    ('', '')
    """
    if "\\" in url or len(url) > LONGEST_ADDRESS or any(category(char)[0] == "C" for char in url):
        return ""
    try:
        parts = urlsplit(url)
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:  # brackets without an end, a port that is no number, a host that no name server knows
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or SECRET.search(url):
        return ""
    rest = url.partition("//")[2][len(parts.netloc) :]
    rest = quote(BAD_ESCAPE.sub("%25", rest), safe=KEPT).replace("~", "%7E")
    found = f"{parts.scheme}://{host}{f':{port}' if port else ''}{rest}"
    return found if len(found) <= LONGEST_ADDRESS else ""


def host_of(address: str) -> str:
    """The host of an address that `web_address` let pass: what a reader of a link should know before following it."""
    return urlsplit(address).hostname or ""


def shown_title(text: str, most: int = LONGEST_TITLE) -> str:
    """One line of at most `most` characters, without control and direction characters, and without addresses: programs
    that show text make links of them.

    >>> shown_title("RTX 4090\\r\\n24GB at https://evil.example/x now \\u202egnp.exe")
    'RTX 4090 24GB at … now gnp.exe'
    """
    plain = "".join(_plain(char) for char in text[: 20 * most])
    line = " ".join("…" if LIKE_AN_ADDRESS.search(word) else word for word in plain.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _plain(char: str) -> str:
    kind = category(char)
    return " " if kind == "Cc" or kind[0] == "Z" else ("" if kind[0] == "C" else char)


def _host(name: str) -> str:
    """The host in ASCII; "" for what is none. Raises `ValueError` for what cannot be written in ASCII without loss."""
    if ":" in name:
        return f"[{IPv6Address(name)}]" if "%" not in name else ""
    plain = name.encode("idna").decode()
    if plain != name and plain.encode().decode("idna") != name:
        return ""
    return plain if HOST.fullmatch(plain) else ""
