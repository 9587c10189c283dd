"""Nightly export of all receipts."""

import csv
from pathlib import Path

from sqlalchemy import text

from .db import engine


def write_receipts(target: Path) -> int:
    """Writes every line sold to `target`; returns how many."""
    count = 0
    with engine.connect() as connection, target.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "product", "cents", "sold_on"])
        for row in connection.execute(text("SELECT id, product_id, cents, sold_on FROM line ORDER BY id")):
            writer.writerow(row)
            count += 1
    return count
