"""Every query of the project. The session comes first; nothing here commits.

Questions about `as_of` never see what was recorded later. Lines of imported price files count from the day they carry.
"""

from monitor.store.repo.alerts import (
    add_alerts,
    alerts_since,
    claim_alerts,
    deliveries,
    delivery_counts,
    record_failed,
    record_sent,
    retry_alerts,
)
from monitor.store.repo.choices import choice, choices, drop_choice, put_choice
from monitor.store.repo.corrections import correct_title, drop_title_correction, title_corrections
from monitor.store.repo.goals import delete_goal, goal_saved_at, goals, save_goal
from monitor.store.repo.health import (
    SourceHealth,
    fault_history,
    is_empty,
    newest_prices,
    offer_count,
    record_crawl,
    source_health,
)
from monitor.store.repo.measurements import add_measurements, measurements_as_of
from monitor.store.repo.news import add_news, news_as_of
from monitor.store.repo.observations import add_observations, begin_import, end_import, imports, observation_count
from monitor.store.repo.offers import Counts, add_offers, offer_history, offers_as_of
from monitor.store.repo.preferences import preferences, save_preferences
from monitor.store.repo.quarantine import confirm_quarantined, quarantined, reject_quarantined
from monitor.store.repo.rejections import (
    Refused,
    add_rejections,
    drop_old_rejections,
    drop_rejections,
    refused_offers,
    rejection_counts,
    rejections,
)
from monitor.store.repo.replay import Replay, put_replay_state, replay_state
from monitor.store.repo.rollup import redo_days_of, roll_up, thin_out
from monitor.store.repo.rules import (
    OWN_RULES,
    alert_rules,
    delete_rule,
    rule_states,
    rules_in_force,
    save_rule,
    save_rule_states,
)
from monitor.store.repo.runs import (
    Run,
    begin_run,
    drop_old_runs,
    end_run,
    give_lease_back,
    last_good_runs,
    record_run,
    runs,
    take_lease,
)
from monitor.store.repo.scores import add_scores, latest_scores
from monitor.store.repo.series import series_as_of
from monitor.store.repo.sightings import Past, SeenAgain, doubt_offers, pasts, seen_again
from monitor.store.repo.signals import add_signals, latest_signals, signal_history, signals_as_of
from monitor.store.repo.version import Versions, data_version, versions

__all__ = [
    "OWN_RULES", "Counts", "Past", "Refused", "Replay", "Run", "SeenAgain", "SourceHealth", "Versions", "add_alerts",
    "add_measurements", "add_news", "add_observations", "add_offers", "add_rejections", "add_scores", "add_signals",
    "alert_rules", "alerts_since", "begin_import", "begin_run", "choice", "choices", "claim_alerts",
    "confirm_quarantined", "correct_title", "data_version", "delete_goal", "delete_rule", "deliveries",
    "delivery_counts", "doubt_offers", "drop_choice", "drop_old_rejections", "drop_old_runs", "drop_rejections",
    "drop_title_correction", "end_import", "end_run", "fault_history", "give_lease_back", "goal_saved_at", "goals",
    "imports", "is_empty", "last_good_runs", "latest_scores", "latest_signals", "measurements_as_of", "newest_prices",
    "news_as_of", "observation_count", "offer_count", "offer_history", "offers_as_of", "pasts", "preferences",
    "put_choice", "put_replay_state", "quarantined", "record_crawl", "record_failed", "record_run", "record_sent",
    "redo_days_of", "refused_offers", "reject_quarantined", "rejection_counts", "rejections", "replay_state",
    "retry_alerts", "roll_up", "rule_states", "rules_in_force", "runs", "save_goal", "save_preferences", "save_rule",
    "save_rule_states", "seen_again", "series_as_of", "signal_history", "signals_as_of", "source_health", "take_lease",
    "thin_out", "title_corrections", "versions",
]  # fmt: skip
