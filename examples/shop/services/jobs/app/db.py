"""The worker's engine: one connection per task, closed when the task is done."""

import os

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

engine = create_engine(
    os.environ["DATABASE_URL"],
    poolclass=NullPool,
    pool_size=2,
)
