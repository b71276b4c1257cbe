"""Settings of a crawl under test: those of the service, but every host is answered by the replay server on loopback.

The whole engine runs as it does in service; only the last step, the connection, leads elsewhere, without pauses.
"""

import os
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response

from spiders.settings import *  # noqa: F403

REPLAY = os.environ["GPU_LIMBO_TEST_REPLAY"]
DOWNLOAD_HANDLERS = {"http": "replay_settings.ReplayHandler", "https": "replay_settings.ReplayHandler"}
DOWNLOAD_DELAY = 0.0
AUTOTHROTTLE_ENABLED = False
RETRY_TIMES = 0
TWISTED_DNS_RESOLVER = "scrapy.resolver.CachingThreadedResolver"  # the replay server is on loopback
DOWNLOAD_TIMEOUT = 30.0


class ReplayHandler(HTTP11DownloadHandler):
    """Asks the replay server for `http://server/HOST/PATH` and hands the answer on under the address that was meant."""

    async def download_request(self, request: Request) -> Response:
        parts = urlsplit(request.url)
        local = REPLAY + "/" + parts.netloc + urlunsplit(("", "", parts.path or "/", parts.query, ""))
        response = await super().download_request(request.replace(url=local))
        return response.replace(url=request.url)
