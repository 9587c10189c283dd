"""Fills `line.cents` of receipts that were sold before prices were kept in cents."""

import os
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=-1, pool_pre_ping=True, pool_timeout=10)


def backfill(product_ids: list[int], threads: int = 16) -> None:
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(backfill_product, product_ids))


def backfill_product(product_id: int) -> None:
    statement = text("UPDATE line SET cents = round(price * 100) WHERE product_id = :product_id AND cents IS NULL")
    with engine.begin() as connection:
        connection.execute(statement, {"product_id": product_id})
