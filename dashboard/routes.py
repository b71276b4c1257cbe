"""Addresses for machines: /healthz, /metrics, /api/v1/signals."""

from typing import Any

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard import queries
from dashboard.letter import ROUTES as LETTER_ROUTES
from dashboard.login_role import ROLE_HEADER
from dashboard.mute import ROUTES as MUTE_ROUTES
from dashboard.routes_api import ROUTES as API_ROUTES
from dashboard.routes_api import answer
from dashboard.routes_out import ROUTES as OUT_ROUTES
from monitor.core.models import Money, Signal
from monitor.core.signal_json import signal_json
from monitor.errors import MonitorError


async def health(request: Request) -> Response:
    """200 while the database answers, else 503; says how old the newest price is, and the reason to who is let in."""
    state = await run_in_threadpool(queries.health)
    if not request.headers.get(ROLE_HEADER):  # anybody may ask: the reason names places and goes to who is let in
        state.pop("reason", None)
    return JSONResponse(state, status_code=200 if state["status"] == "ok" else 503)


async def metrics(_: Request) -> Response:
    """Prometheus' text format: age of the newest price by source, runs of jobs, deliveries by state."""
    return Response(await run_in_threadpool(_metrics), media_type=CONTENT_TYPE_LATEST)


async def signals(request: Request) -> Response:
    """The newest call of every GPU and market; `?gpu=`, `?condition=`, `?region=` and `?goal=` narrow it."""
    wanted = {
        name: request.query_params[name] for name in ("gpu", "condition", "region") if name in request.query_params
    }
    goal = request.query_params.get("goal", "")
    return await answer(lambda: [_signal(s) for s in queries.signals(goal) if _matches(s, wanted)])


def _matches(signal: Signal, wanted: dict[str, str]) -> bool:
    return all(str(getattr(signal, name)).lower() == value.lower() for name, value in wanted.items())


def _signal(signal: Signal) -> dict[str, Any]:
    return {**signal_json(signal), "price": _money(signal.price), "limit_price": _money(signal.limit_price)}


def _money(money: Money | None) -> dict[str, str] | None:
    return {"amount": f"{money.amount:f}", "currency": money.currency} if money else None


def _metrics() -> bytes:
    registry = CollectorRegistry()
    up = Gauge("gpu_limbo_database_up", "1 while the database answers.", registry=registry)
    age = Gauge("gpu_limbo_newest_price_age_seconds", "Age of the newest price.", ["source"], registry=registry)
    good = Gauge(
        "gpu_limbo_job_last_good_timestamp_seconds", "End of the job's last good run.", ["job"], registry=registry
    )
    queue = Gauge("gpu_limbo_deliveries", "Alerts on their way, by state.", ["state"], registry=registry)
    faults = Gauge("gpu_limbo_source_fault", "1 while a source is broken.", ["source"], registry=registry)
    rejected = Gauge("gpu_limbo_rejections", "Rejections kept, by reason.", ["reason"], registry=registry)
    try:
        figures = queries.figures()
    except MonitorError:
        up.set(0)
        return generate_latest(registry)
    up.set(1)
    for gauge, label, values in (
        (age, "source", figures.ages),
        (good, "job", figures.last_good),
        (queue, "state", figures.deliveries),
        (faults, "source", figures.faults),
        (rejected, "reason", figures.rejections),
    ):
        for name, value in values.items():
            gauge.labels(**{label: name}).set(value)
    return generate_latest(registry)


ROUTES = [
    Route("/healthz", health),
    Route("/metrics", metrics),
    Route("/api/v1/signals", signals),
    *API_ROUTES,
    *OUT_ROUTES,
    *MUTE_ROUTES,
    *LETTER_ROUTES,
]
