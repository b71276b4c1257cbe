"""Pages with the names of their markup scrambled, or without any markup: what is left to read is what people see."""

import hashlib
import re

_NAMES = re.compile(
    rb"""(\s(?:class|id|data-testid|data-test|data-qa|data-component|data-automation|data-marker|data-hook|data-e2e))"""
    rb"""\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""",
    re.IGNORECASE,
)
_JSONLD = re.compile(rb"<script[^>]*ld\+json.*?</script>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTES = re.compile(
    rb"""\s(?:itemprop|itemtype|itemscope|itemid|typeof|property|vocab|about|rel)"""
    rb"""(?:=(?:"[^"]*"|'[^']*'|[^\s>]+))?(?=[\s>/])""",
    re.IGNORECASE,
)
_METAS = re.compile(rb"<meta(?![^>]*charset)[^>]*>", re.IGNORECASE)


def scrambled(body: bytes) -> bytes:
    """The page with hashes for the names of classes and of tests, as style compilers write them."""
    return _NAMES.sub(_scrambled_names, body)


def unmarked(body: bytes) -> bytes:
    """The page without JSON-LD, microdata, RDFa and meta tags."""
    return _METAS.sub(b"", _ATTRIBUTES.sub(b" ", _JSONLD.sub(b"", body)))


def _scrambled_names(match: re.Match[bytes]) -> bytes:
    names = match[2].strip(b"\"' ").split()
    return match[1] + b'="' + b" ".join(b"c" + hashlib.md5(name).hexdigest()[:6].encode() for name in names) + b'"'
