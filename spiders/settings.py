"""How all spiders behave: politeness, cache, retries, user agent. Scrapy's own defaults are the opposite of most lines.

This module is an entry point: `scrapy crawl` (the child process of `gpu-limbo crawl`) reads the environment here, once.
"""

from monitor import __version__
from monitor.core.addresses import allowed_hosts
from monitor.settings import load_settings

_user = load_settings()
_own_hosts = sorted(allowed_hosts(_user.allow_private_hosts))

BOT_NAME = "gpu-limbo"
SPIDER_MODULES = ["spiders"]
USER_AGENT = (
    f"gpu-limbo/{__version__} (price monitor; {f'contact: {_user.contact}' if _user.contact else 'no contact given'})"
)

# One polite reader at a time, for every host.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "gpu-limbo"
CONCURRENT_REQUESTS = 512  # over all hosts; those that wait for their pause to end count, so no less than sources
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 10.0  # seconds between two requests to a host
RANDOMIZE_DOWNLOAD_DELAY = True
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 10.0
AUTOTHROTTLE_MAX_DELAY = 120.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
# A host that the user names as their own may be asked without pause.
DOWNLOAD_SLOTS = {host: {"concurrency": 1, "delay": 0.0, "jitter": 0.0} for host in _own_hosts}

DOWNLOAD_MAXSIZE = 5 * 1024 * 1024  # bytes a page
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30.0  # seconds
RETRY_TIMES = 1
RETRY_EXCEPTIONS: list[str] = []  # a host that cannot be reached is asked again in the next crawl
RETRY_HTTP_CODES = [500, 502, 504, 408]  # not 429 and 503: those hosts want to be left alone
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
DEPTH_LIMIT = 8
CLOSESPIDER_TIMEOUT = 3 * 3600  # seconds; a crawl never runs into the next one

# A page that has not changed costs the shop a 304 and no more.
HTTPCACHE_ENABLED = True
HTTPCACHE_POLICY = "spiders.cache.Revalidated"  # RFC 2616, with every page asked for again
HTTPCACHE_STORAGE = "scrapy.extensions.httpcache.FilesystemCacheStorage"
HTTPCACHE_DIR = str(_user.home.expanduser() / "httpcache")
HTTPCACHE_GZIP = True
HTTPCACHE_IGNORE_HTTP_CODES = [401, 403, 404, 429, 500, 502, 503, 504]

DOWNLOADER_MIDDLEWARES = {
    "spiders.watch.WatchMiddleware": 10,
    "spiders.guard.PublicHostsOnly": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "spiders.guard.CarefulRobots": 100,
}
EXTENSIONS = {"spiders.watch.CrawlReport": 100}
ITEM_PIPELINES = {"spiders.pipelines.StorePipeline": 300}
TWISTED_DNS_RESOLVER = "spiders.guard.PublicResolver"
LOG_LEVEL = "WARNING"

# Ours, read through `crawler.settings`.
OWN_HOSTS = _own_hosts
DATABASE = _user.database
SOURCES_FILE = str(_user.home.expanduser() / "sources.toml")
PAGES_PER_SOURCE = 200  # in one crawl
LEAVE_REFUSERS_ALONE = True  # for a day, then a week
CHECK_ONLY = False  # read and say what was read, store nothing
