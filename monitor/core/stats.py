"""Which summary of a seller's offers to prefer where there are several."""

PREFERRED_STATS = (
    "mid10_mean_of_ending_auctions",
    "monthly_mean_sold",
    "daily_median_sold",
    "p25_offer",
    "last_of_day_change_event",
    "min_offer",
    "median_offer",
    "list_price",
)


def stat_rank(stat: str) -> int:
    """Which of several summaries of the same offers is preferred; the lowest is best."""
    return PREFERRED_STATS.index(stat) if stat in PREFERRED_STATS else 99
