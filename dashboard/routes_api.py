"""/api/v1/prices, /evidence and /gauge: prices of one GPU over time, what each offer of today was read from, and the
limbo gauge with its history."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard import queries
from dashboard.links import safe_link
from monitor.core.models import Offer, Rejection, Series
from monitor.errors import MonitorError, UsageError

MOST_NEIGHBOURS = 50


async def prices(request: Request) -> Response:
    """Every price series of `?gpu=` (name or slug); `?condition=`, `?region=` narrow it, `?as_of=` turns time back."""
    asked = request.query_params
    return await answer(lambda: _prices(_gpu(asked), asked, _as_of(asked)))


async def evidence(request: Request) -> Response:
    """The live offers of `?gpu=` with page, time, syntax and text, and what beside them was rejected and why."""
    asked = request.query_params
    return await answer(lambda: _evidence(_gpu(asked), _as_of(asked)))


async def gauge(request: Request) -> Response:
    """The limbo gauge now (or as of `?as_of=`) with its 80 % interval over segments, and that of each past Monday."""
    asked = request.query_params
    return await answer(lambda: _gauge(_as_of(asked)))


async def answer(make: Callable[[], Any]) -> Response:
    """What `make` returns as JSON; 400 where the question is wrong, 503 where the database does not answer."""
    try:
        return JSONResponse(await run_in_threadpool(lambda: _marked(make())))
    except UsageError as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    except MonitorError as error:
        return JSONResponse({"error": str(error)}, status_code=503)


def _marked(found: Any) -> Any:
    """In a replay every object says that it is one: a program reads no banner."""
    if queries.replay() is None:
        return found
    return [{**one, "replay": True} for one in found] if isinstance(found, list) else {**found, "replay": True}


def named_gpu(text: str) -> str:
    """The catalogue's name of a GPU given by name or slug; raises `UsageError`."""
    known = queries.catalog().gpus
    found = next((name for name, gpu in known.items() if text.lower() in (gpu.slug, name.lower())), None)
    return found if found is not None else queries.catalog().gpu(text).name


def _gpu(asked: Mapping[str, str]) -> str:
    if not asked.get("gpu"):
        raise UsageError("say which GPU: ?gpu=rtx-4090")
    return named_gpu(asked["gpu"])


def _as_of(asked: Mapping[str, str]) -> datetime | None:
    if not asked.get("as_of"):
        return None
    try:
        return datetime.combine(date.fromisoformat(asked["as_of"]), time.max, UTC)
    except ValueError:
        raise UsageError("as_of is a day like 2017-12-21") from None


def _gauge(as_of: datetime | None) -> dict[str, Any]:
    found = queries.gauge(as_of)
    names = ("value", "low", "high")
    history = [
        {"day": day.isoformat(), **dict(zip(names, values, strict=True))}
        for day, *values in queries.gauge_history(as_of)
    ]
    now = None if found is None else {name: round(getattr(found, name), 1) for name in names}
    return {"gauge": now, "segments": found.segments if found else 0, "history": history}


def _prices(gpu: str, asked: Mapping[str, str], as_of: datetime | None) -> dict[str, Any]:
    wanted = {name: asked[name] for name in ("condition", "region") if name in asked}
    found = [
        one
        for one in queries.price_series(gpu, as_of)
        if all(str(getattr(one.key, name)).lower() == value.lower() for name, value in wanted.items())
    ]
    return {"gpu": gpu, "series": [_series(one) for one in found]}


def _series(one: Series) -> dict[str, Any]:
    from dashboard import charts  # brings altair and pandas, which take half a second to load

    days, values = charts.daily(one)
    return {
        "source": one.key.source,
        "condition": str(one.key.condition),
        "region": one.key.region,
        "stat": one.key.stat,
        "currency": one.key.currency,
        "unit": "gpu_hour" if str(one.key.condition) == "rental" else "card",
        "days": [day.date().isoformat() for day in charts.dates(days)],
        "prices": [round(float(value), 6) for value in values],
    }


def _evidence(gpu: str, as_of: datetime | None) -> dict[str, Any]:
    found = queries.offers(gpu, as_of)
    neighbours = queries.rejected_beside(gpu) if as_of is None else []
    return {
        "gpu": gpu,
        "offers": [_offer(offer) for offer in found],
        "rejected": [_rejection(rejection) for rejection in neighbours[:MOST_NEIGHBOURS]],
    }


def _offer(offer: Offer) -> dict[str, Any]:
    return {
        "price": {"amount": f"{offer.price.amount:f}", "currency": offer.price.currency},
        "condition": str(offer.condition),
        "region": offer.region,
        "title": offer.title,
        "source": offer.source,
        "seller": offer.seller,
        "availability": str(offer.availability),
        "seen_at": offer.seen_at.isoformat(timespec="seconds"),
        "url": safe_link(offer.url),
        "syntax": offer.syntax,
        "snippet": offer.snippet,
        "matched_by": offer.reason,
    }


def _rejection(rejection: Rejection) -> dict[str, Any]:
    return {
        "source": rejection.source,
        "reason": rejection.reason,
        "title": rejection.title,
        "text": rejection.text,
        "seen_at": rejection.seen_at.isoformat(timespec="seconds"),
        "url": safe_link(rejection.url),
    }


ROUTES = [Route("/api/v1/prices", prices), Route("/api/v1/evidence", evidence), Route("/api/v1/gauge", gauge)]
