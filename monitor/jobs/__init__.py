"""The stages that run again and again: each loads, calls the core, and saves. *When* they run is the scheduler's."""

from monitor.jobs.decide import decide
from monitor.jobs.notify import notify
from monitor.jobs.score import score

__all__ = ["decide", "notify", "score"]
