import os

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ.get("POOL_SIZE", "5")),
    max_overflow=int(os.environ.get("MAX_OVERFLOW", "10")),
    pool_timeout=60,
)


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    if scope["path"] != "/ready":
        async with engine.connect() as connection:
            await connection.execute(text(os.environ["PROVE_SQL"]))
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})
