"""Settings of a crawl under load: those of the service, but every name leads to loopback, and the pauses are given.

Scrapy imports this module in the child process of load_crawl.py, which puts its folder on the path.
"""

import os
from typing import Any

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred, succeed

from spiders.settings import *  # noqa: F403

PAUSE = float(os.environ["LOAD_PAUSE_SECONDS"])
DOWNLOAD_DELAY = AUTOTHROTTLE_START_DELAY = PAUSE
DOWNLOAD_TIMEOUT = float(os.environ["LOAD_TIMEOUT_SECONDS"])
HTTPCACHE_ENABLED = False
TWISTED_DNS_RESOLVER = "load_crawl_settings.Loopback"


class Loopback(CachingThreadedResolver):
    """Answers every name with this machine."""

    def getHostByName(self, name: str, timeout: Any = ()) -> "Deferred[str]":
        return succeed("127.0.0.1")
