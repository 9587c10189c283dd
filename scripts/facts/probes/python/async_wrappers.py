"""Tortoise, databases, Piccolo and aiopg on PostgreSQL: how many connections their pools really open."""

import asyncio
import importlib.util

from measure import ASKS, URL, connections, defaults, measure, pool_stage, record, settled, versions

versions("tortoise-orm", "databases", "piccolo", "aiopg", "asyncpg")


async def held(execute, times, name, seconds=0.8):
    """The most connections the server counts while so many queries run at once."""
    tasks = [asyncio.ensure_future(execute(f"SELECT pg_sleep({seconds})")) for _ in range(times)]
    most = 0
    while not all(task.done() for task in tasks):
        most = max(most, await asyncio.to_thread(connections, name))
    for task in tasks:
        task.exception()
    return most


def with_name(url, name, more=""):
    return f"{url}?application_name={name}{more}"


# Tortoise
async def tortoise(name, query=""):
    from tortoise import Tortoise
    from tortoise import connections as pools

    await Tortoise.init(
        db_url=with_name(URL.replace("postgresql", "asyncpg", 1), name, query), modules={"models": ["tortoise.models"]}
    )
    pool = pools.get("default")
    try:
        await pool.execute_query("SELECT 1")
        eager = settled(name)
        return {"eager": eager, "peak": await held(pool.execute_query, 14, name)}
    finally:
        await Tortoise.close_connections()


# databases
async def database(name, query="", **options):
    from databases import Database

    made = Database(URL + query, server_settings={"application_name": name}, **options)
    await made.connect()
    try:
        return {"eager": settled(name), "peak": await held(made.execute, 14, name)}
    finally:
        await made.disconnect()


# Piccolo
async def piccolo(name, starts_pool, **options):
    from piccolo.engine.postgres import PostgresEngine

    engine = PostgresEngine(config={"dsn": URL, "server_settings": {"application_name": name}}, extensions=())
    if starts_pool:
        await engine.start_connection_pool(**options)
    try:
        return {
            "eager": settled(name),
            "peak": await held(engine._run_in_pool if starts_pool else engine._run_in_new_connection, 14, name),
        }
    finally:
        if starts_pool:
            await engine.close_connection_pool()


# aiopg
async def aiopg_pool(name, **options):
    import aiopg

    async with aiopg.create_pool(URL, application_name=name, **options) as pool:
        eager = settled(name)

        async def execute(sql):
            async with pool.acquire() as connection, connection.cursor() as cursor:
                await cursor.execute(sql)

        return {"eager": eager, "peak": await held(execute, 14, name)}


def run(make, *arguments, **keywords):
    """The result, or the name of what it raises."""

    async def guarded():
        try:
            return await asyncio.wait_for(make(*arguments, **keywords), 20)
        except Exception as error:  # noqa: BLE001
            return type(error).__name__

    return asyncio.run(guarded())


PROBES = {
    "tortoise": {
        "Tortoise": (tortoise, ("tortoise-default",), {}),
        "Tortoise ?minsize=2&maxsize=3": (tortoise, ("tortoise-2-3", "&minsize=2&maxsize=3"), {}),
        "Tortoise ?maxsize=0": (tortoise, ("tortoise-0", "&maxsize=0"), {}),
        "Tortoise ?min_size=2&max_size=4": (tortoise, ("tortoise-2-4", "&min_size=2&max_size=4"), {}),
    },
    "databases": {
        "databases": (database, ("databases-default",), {}),
        "databases min_size=2, max_size=3": (database, ("databases-2-3",), {"min_size": 2, "max_size": 3}),
        "databases ?min_size=2&max_size=3": (database, ("databases-url", "?min_size=2&max_size=3"), {}),
        "databases max_size=5": (database, ("databases-5",), {"max_size": 5}),
    },
    "piccolo": {
        "Piccolo without a pool": (piccolo, ("piccolo-none", False), {}),
        "Piccolo with a pool": (piccolo, ("piccolo-pool", True), {}),
        "Piccolo with a pool of 1 to 3": (piccolo, ("piccolo-3", True), {"min_size": 1, "max_size": 3}),
    },
    "aiopg": {
        "aiopg": (aiopg_pool, ("aiopg-default",), {}),
        "aiopg minsize=2, maxsize=3": (aiopg_pool, ("aiopg-2-3",), {"minsize": 2, "maxsize": 3}),
        "aiopg maxsize=0": (aiopg_pool, ("aiopg-0",), {"maxsize": 0}),
    },
}
for package, probes in PROBES.items():
    if importlib.util.find_spec(package) is None:
        continue
    for key, (make, arguments, keywords) in probes.items():
        measure(key, run, make, *arguments, **keywords)

if importlib.util.find_spec("aiopg"):
    import aiopg

    found = defaults(aiopg.create_pool)
    for name in ASKS["aiopg"]["defaults"]:
        record(f"default {name}", found[name])

    async def create(**options):
        return await aiopg.create_pool(URL, **options)

    async def release(pool, connection):
        await pool.release(connection)

    for name in ASKS["aiopg"]["numbers"]:
        measure(f"{name} as a text", lambda name=name: asyncio.run(pool_stage(create, release, name, "5")))
        measure(f"{name} as None", lambda name=name: asyncio.run(pool_stage(create, release, name, None)))
    for name in ASKS["aiopg"]["refused"]:
        record(f"refused {name}", run(create, **{name: 5}))

if importlib.util.find_spec("tortoise"):
    from tortoise.backends.base.config_generator import DB_LOOKUP

    record("Tortoise schemes", {scheme: one["engine"].rpartition(".")[2] for scheme, one in DB_LOOKUP.items()})
    for name in ASKS["tortoise"]["refused"]:
        record(f"refused {name}", run(tortoise, "tortoise-refused", f"&{name}=5"))

if importlib.util.find_spec("databases"):
    for name in ASKS["databases"]["refused"]:
        record(f"refused {name}", run(database, "databases-refused", **{name: 5}))

if importlib.util.find_spec("piccolo"):
    from piccolo.engine.postgres import PostgresEngine

    record("Piccolo has", [name for name in ASKS["piccolo"] if hasattr(PostgresEngine, name)])
