"""A call as plain values for JSON: the same names at the API, on the command line and wherever a program reads it."""

from typing import Any

from monitor.core.models import Signal


def signal_json(signal: Signal) -> dict[str, Any]:
    """Everything but the prices, which each way out writes in its own form.

    Savings are shares of the price (0.12 is 12 %), windows weeks, `confidence` from 0 to 1.
    """
    return {
        "gpu": signal.gpu,
        "condition": str(signal.condition),
        "region": signal.region,
        "action": str(signal.action),
        "window_low_weeks": signal.window_low_weeks,
        "window_high_weeks": signal.window_high_weeks,
        "expected_saving": round(signal.expected_saving, 5),
        "saving_low": round(signal.saving_low, 5),
        "saving_high": round(signal.saving_high, 5),
        "confidence": round(signal.confidence, 4),
        "as_of": signal.as_of.isoformat(timespec="seconds"),
        "data_on": signal.data_on.isoformat() if signal.data_on else None,
        "goal": signal.goal or None,
        "reasons": [{"code": r.code, "text": r.text, "contribution": round(r.contribution, 5)} for r in signal.reasons],
        "would_change": list(signal.would_change),
    }
