"""The API's engine and sessions."""

import os

from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine(
    os.environ["DATABASE_URL"],
    echo=False,
)

Session = sessionmaker(bind=engine, expire_on_commit=False)
