"""Background work: `celery -A app.tasks worker --concurrency 4`."""

import os
from pathlib import Path

from celery import Celery
from sqlalchemy import text

from .db import engine
from .exports import write_receipts

celery = Celery("jobs", broker=os.environ["BROKER_URL"])


@celery.task
def forget_carts(older_than_days: int = 30) -> int:
    statement = text("DELETE FROM cart WHERE touched_on < current_date - :days")
    with engine.begin() as connection:
        return connection.execute(statement, {"days": older_than_days}).rowcount


@celery.task
def export_receipts(target: str) -> int:
    return write_receipts(Path(target))
