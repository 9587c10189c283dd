"""One process of an application on asyncpg: `asyncpg_client.py URL fetch|prepare|sqlalchemy… [no cache]`."""

import asyncio
import sys

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

TURNS = 3
url, kind, *more = sys.argv[1:]
options = {"statement_cache_size": 0} if more else {}


async def plain():
    connection = await asyncpg.connect(url, **options)
    for _ in range(TURNS):
        if kind == "prepare":
            await (await connection.prepare("SELECT $1::int")).fetch(1)
        else:
            await connection.fetch("SELECT $1::int", 1)
    # Not closed in order: statements stay where they are, as when a process ends.
    connection.terminate()


async def engine():
    own = "?prepared_statement_cache_size=0" if "own" in kind else ""
    made = create_async_engine(url.replace("postgresql", "postgresql+asyncpg", 1) + own, connect_args=options)
    for _ in range(TURNS):
        async with made.connect() as connection:
            await connection.execute(text("SELECT :x"), {"x": "1"})


asyncio.run(engine() if kind.startswith("sqlalchemy") else plain())
