"""What a crawl must not do: reach into private networks, or read what robots.txt does not clearly allow."""

from collections.abc import Collection
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred

from monitor.core.addresses import private_reason


class PrivateAddress(IgnoreRequest):
    """The address is not on the public internet and the user has not named it as their own."""


def is_ip_literal(host: str) -> bool:
    """Whether a host is an address in itself, in any form that resolvers take (0x7f.1, 2130706433)."""
    last = host.rstrip(".").rsplit(".", 1)[-1]
    return ":" in host or last.isdigit() or last.lower().startswith("0x")


class PublicHostsOnly:
    """Downloader middleware: refuses addresses that name a private place; redirects pass through here as well."""

    def __init__(self, own_hosts: Collection[str]) -> None:
        self.own_hosts = frozenset(own_hosts)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getlist("OWN_HOSTS"))

    def process_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        host = (parts.hostname or "").lower()
        if host in self.own_hosts:
            request.meta["autothrottle_dont_adjust_delay"] = True
            return
        if parts.scheme not in {"http", "https"} or not host:
            raise PrivateAddress(f"not a web address: {request.url[:200]}")
        if is_ip_literal(host) and (why := private_reason(host)):
            raise PrivateAddress(_refusal(host, f"a {why} address"))


class PublicResolver(CachingThreadedResolver):
    """Resolver that answers with public addresses only, so that no name leads inside, now or at the next look-up."""

    own_hosts: frozenset[str] = frozenset()
    refused: ClassVar[dict[str, str]] = {}  # host -> why; Twisted itself only says "lookup failed"

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        resolver = super().from_crawler(crawler, reactor)
        resolver.own_hosts = frozenset(crawler.settings.getlist("OWN_HOSTS"))
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> "Deferred[str]":
        found = super().getHostByName(name, timeout)
        return found.addCallback(self._public_or_own, name)

    def _public_or_own(self, address: str, name: str) -> str:
        why = private_reason(address)
        if why is None or name.lower() in self.own_hosts:
            return address
        self.refused[name] = _refusal(name, f"a {why} address, {address}")
        raise PrivateAddress(self.refused[name])


def _refusal(host: str, where: str) -> str:
    return f"{host} leads to {where}; if that is meant, add the host to GPU_LIMBO_ALLOW_PRIVATE_HOSTS"


class CarefulRobots(RobotsTxtMiddleware):
    """robots.txt obeyed, and read strictly: a refusal (401, 403, 429, 5xx) or HTML in its place forbids all."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status in {401, 403, 429} or response.status >= 500:
            response = response.replace(body=b"User-agent: *\nDisallow: /\n")
        elif response.status >= 400:
            response = response.replace(body=b"")
        elif response.body[:500].lstrip().lower().startswith((b"<!doctype", b"<html")):
            response = response.replace(body=b"User-agent: *\nDisallow: /\n")
        await super()._parse_robots(response, netloc, request)
