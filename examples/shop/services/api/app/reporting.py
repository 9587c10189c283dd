"""Sales figures, read through an engine of their own so that slow reports leave the API's pool alone."""

from datetime import date

from sqlalchemy import create_engine, text

engine = create_engine(
    "postgresql+psycopg2://reports:S3ason-of-mists@db.shop.internal/shop",
    pool_size=2,
    max_overflow=0,
    pool_timeout=60,
    pool_recycle=3600,
)


def revenue_between(first: date, last: date) -> dict[str, int]:
    """Revenue in cents by product name, both days included."""
    statement = text(
        "SELECT product.name, sum(line.cents) FROM line JOIN product ON product.id = line.product_id "
        "WHERE line.sold_on BETWEEN :first AND :last GROUP BY product.name"
    )
    with engine.connect() as connection:
        rows = connection.execute(statement, {"first": first, "last": last})
        return {name: cents for name, cents in rows}
