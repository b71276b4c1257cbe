"""The dashboard of a replay: the same pages, living at the replay's moment. `gpu-limbo up --demo` starts it."""

from dashboard.queries.replay import replay_now
from monitor.clock import live_at

live_at(replay_now)

from dashboard.asgi import app  # noqa: E402 - the clock is set before anything asks it

__all__ = ["app"]
