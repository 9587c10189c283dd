import os

from sqlalchemy import create_engine

# poolproof: ignore[missing-pre-ping] restarted together with its database
engine = create_engine(os.environ["DATABASE_URL"], pool_size=2, max_overflow=0, pool_timeout=5)
