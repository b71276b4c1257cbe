"""The HTTP cache saves a shop's bandwidth and must never pass an old price off as seen now."""

from scrapy import Request
from scrapy.extensions.httpcache import RFC2616Policy
from scrapy.http import Response


class Revalidated(RFC2616Policy):
    """RFC 2616, except that a stored page counts only when the server says now that it has not changed.

    Scrapy's own policy also serves it unasked while it is "fresh" (for days, going by Last-Modified) and in place of
    a server error, which may be a shop's refusal.
    """

    def is_cached_response_fresh(self, cachedresponse: Response, request: Request) -> bool:
        self._set_conditional_validators(request, cachedresponse)
        return False

    def is_cached_response_valid(self, cachedresponse: Response, response: Response, request: Request) -> bool:
        return response.status == 304
