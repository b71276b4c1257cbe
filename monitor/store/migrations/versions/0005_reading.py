"""A refused title keeps the offer that it would have been, for when somebody says which GPU it is"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rejections", sa.Column("reading", sa.String(), nullable=True))
