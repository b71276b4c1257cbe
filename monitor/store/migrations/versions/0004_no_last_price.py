"""The last price of a day is no longer kept: nothing ever asked for it"""

from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column('daily_prices', 'price_last')
