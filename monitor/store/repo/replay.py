"""The mark of a database that shows a replay of shipped history: at which moment it stands."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session

from monitor.store.repo.choices import choice, put_choice

MARK = "replay"


@dataclass(frozen=True, kw_only=True)
class Replay:
    """The moment that a replay has come to, what is shown, and whether it has come to its end."""

    now: datetime
    act: str
    over: bool = False


def replay_state(session: Session) -> Replay | None:
    """Where the replay stands; `None` for a database of the live service."""
    kept = choice(session, MARK)
    if not isinstance(kept, dict):
        return None
    return Replay(now=datetime.fromisoformat(kept["now"]), act=str(kept["act"]), over=bool(kept["over"]))


def put_replay_state(session: Session, state: Replay) -> None:
    """Mark the database, or move its mark on."""
    put_choice(session, MARK, asdict(state) | {"now": state.now.isoformat()}, state.now)
