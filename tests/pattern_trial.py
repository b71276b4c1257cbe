"""Every regular expression that the program compiles, against texts made to slow it down.

`python -m tests.pattern_trial LENGTH SECONDS` prints how many there are, and as JSON those that take longer (of CPU).

The patterns are caught where `re` compiles them, so those that are put together from tables are among them.
"""

import importlib
import json
import pkgutil
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OURS = tuple(f"{ROOT / package}/" for package in ("monitor", "spiders", "dashboard"))
ENTRY_POINTS = ("__main__", "asgi", "dashboard.app", ".migrations")
GIVE_UP_SECONDS = 5

compiled: dict[tuple[Any, int], tuple[re.Pattern[Any], str]] = {}


def main(length: int, most_seconds: float) -> dict[str, Any]:
    """Compile everything, then try it."""
    _catch()
    _import_all()
    from monitor.catalog import load_catalog
    from monitor.core.matching import match_title

    match_title("ASUS TUF Gaming GeForce RTX 4090 OC 24GB", load_catalog().matcher)
    slow = {place: spent for pattern, place in compiled.values() if (spent := _longest(pattern, length)) > most_seconds}
    return {"patterns": len(compiled), "slow": slow}


def _catch() -> None:
    real = re._compile

    def caught(pattern: Any, flags: Any) -> Any:
        made = real(pattern, flags)
        frame = sys._getframe(1)
        while frame.f_back and frame.f_code.co_filename == re.__file__:
            frame = frame.f_back
        name = frame.f_code.co_filename
        if name.startswith(OURS) and isinstance(made, re.Pattern):
            where = f"{Path(name).relative_to(ROOT)}:{frame.f_lineno} {str(made.pattern)[:60]}"
            compiled.setdefault((made.pattern, made.flags), (made, where))
        return made

    re._compile = caught


def _import_all() -> None:
    for package in ("monitor", "spiders", "dashboard"):
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not any(part in module.name for part in ENTRY_POINTS):
                importlib.import_module(module.name)


def _longest(pattern: re.Pattern[Any], length: int) -> float:
    from tests.pump import hard_texts

    worst = 0.0
    for text in hard_texts(pattern, length):
        given = text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace")
        began = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, GIVE_UP_SECONDS)
        try:
            pattern.search(given)
            pattern.fullmatch(given)
        except TimeoutError:
            return GIVE_UP_SECONDS
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        worst = max(worst, time.process_time() - began)
    return worst


def _ring(*_: object) -> None:
    raise TimeoutError


if __name__ == "__main__":
    signal.signal(signal.SIGVTALRM, _ring)
    print(json.dumps(main(int(sys.argv[1]), float(sys.argv[2])), indent=1, ensure_ascii=False))
