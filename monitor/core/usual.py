"""What is taken for granted where nobody says otherwise: pages and commands begin with the same.

A module of its own that imports nothing, since `--help` names these values.
"""

USUAL_WORK = "lora-8b"
USUAL_YEARS = 3.0  # that a card is kept
USUAL_HOURS = 6.0  # of work a day
