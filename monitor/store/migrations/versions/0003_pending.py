"""An index on doubtful prices only"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

PENDING = sa.text("quarantine = 'pending'")


def upgrade() -> None:
    op.drop_index('ix_offers_quarantine', table_name='offers')
    op.create_index('ix_offers_pending', 'offers', ['id'], sqlite_where=PENDING, postgresql_where=PENDING)
