import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text

engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ.get("POOL_SIZE", "5")),
    max_overflow=int(os.environ.get("MAX_OVERFLOW", "10")),
    pool_timeout=60,
)
application = FastAPI()


@application.get("/ready")
async def ready():
    return "ok"


@application.get("/")
def query():
    with engine.connect() as connection:
        connection.execute(text(os.environ["PROVE_SQL"]))
    return "ok"
