"""asyncpg: the pool's arguments, what it opens and keeps, and how long a checkout waits."""

import asyncio
import inspect

import asyncpg
from measure import ASKS, URL, connections, count_reaches, defaults, measure, outcome_async, record, settled, versions

versions("asyncpg")

for name in ["min_size", "max_size", "max_queries", "max_inactive_connection_lifetime"]:
    record(f"default {name}", defaults(asyncpg.create_pool)[name])
for name in ASKS["connection"]:
    record(f"default {name}", defaults(asyncpg.connect)[name])
real = set(inspect.signature(asyncpg.create_pool).parameters) | set(inspect.signature(asyncpg.connect).parameters)
record("unknown arguments", sorted(real - set(ASKS["known"]) - {"connect_kwargs"}))


def pool(application_name, **options):
    return asyncpg.create_pool(URL, server_settings={"application_name": application_name}, **options)


async def opens(**options):
    made = await pool("asyncpg-opens", **options)
    await made.close()


def tries(**options):
    return asyncio.run(outcome_async(lambda: opens(**options)))


for name in ASKS["refused"]:
    record(f"refused {name}", tries(**{name: 5}))
for name, lowest in ASKS["lowest"].items():
    others = {"min_size": 0} if name == "max_size" else {}
    record(f"lowest {name}", [tries(**others, **{name: lowest}), tries(**others, **{name: lowest - 1})])
REFUSED = [{"max_size": 5}, {"min_size": 20}, {"command_timeout": 0}, {"statement_cache_size": -1}, {"max_size": None}]
for options in REFUSED:
    record(f"create_pool({options})", tries(**options))


async def capacity(name, attempts, **options):
    made = await pool(name, **options)
    eager = connections(name)
    held = []
    stopped = "nothing"
    for _ in range(attempts):
        try:
            held.append(await made.acquire(timeout=2))
        except Exception as error:  # noqa: BLE001
            stopped = type(error).__name__
            break
    opened = connections(name)
    for connection in held:
        await made.release(connection)
    kept = settled(name)
    await made.close()
    return {"eager": eager, "open": opened, "stopped by": stopped, "kept": kept}


measure("default pool", lambda: asyncio.run(capacity("asyncpg-defaults", 12)))
measure("min_size=2, max_size=4", lambda: asyncio.run(capacity("asyncpg-2-4", 6, min_size=2, max_size=4)))


async def idle_falls_to(name, left, **options):
    """Whether unused connections are closed until so many are left."""
    made = await pool(name, max_size=3, max_inactive_connection_lifetime=0.2, **options)
    await asyncio.gather(*(made.fetch("SELECT pg_sleep(0.1)") for _ in range(3)))
    result = await asyncio.get_running_loop().run_in_executor(None, count_reaches, name, left, 4)
    await made.close()
    return result


measure("idle connections go below min_size", lambda: asyncio.run(idle_falls_to("asyncpg-below", 0, min_size=3)))
measure(
    "idle connections above min_size are closed", lambda: asyncio.run(idle_falls_to("asyncpg-above", 0, min_size=0))
)


async def init_size(name):
    if "init_size" not in defaults(asyncpg.create_pool):
        return None
    made = await pool(name, init_size=3, min_size=1, max_size=4)
    eager = connections(name)
    await made.close()
    return {"default": defaults(asyncpg.create_pool)["init_size"], "eager": eager}


measure("init_size", lambda: asyncio.run(init_size("asyncpg-init")))
too_few = {"init_size": 1, "min_size": 2}
record("init_size=1, min_size=2", asyncio.run(outcome_async(lambda: opens(**too_few))))


async def full(name):
    """How each way to get a connection behaves while the only one is in use."""
    made = await pool(name, min_size=1, max_size=1)
    holder = await made.acquire()
    found = {
        "acquire()": await outcome_async(lambda: made.acquire(), 0.6),
        "acquire(timeout=0.1)": await outcome_async(lambda: acquire(made), 5),
        "fetch(timeout=0.1)": await outcome_async(lambda: made.fetch("SELECT 1", timeout=0.1), 0.6),
    }
    await made.release(holder)
    await made.close()
    return found


async def acquire(made):
    return await made.acquire(timeout=0.1)


measure("a full pool", lambda: asyncio.run(full("asyncpg-full")))


async def without_await():
    made = pool("asyncpg-lazy")
    return await outcome_async(lambda: made.fetch("SELECT 1"))


measure("used without await", lambda: asyncio.run(without_await()))


async def connects_with(query):
    async def connect():
        await (await asyncpg.connect(f"{URL}?{query}")).close()

    return await outcome_async(connect, 5)


measure("?max_size=5 in the URL", lambda: asyncio.run(connects_with("max_size=5")))


async def prepared(name, **options):
    """Whether Connection.prepare() leaves a named statement on the server."""
    connection = await asyncpg.connect(URL, server_settings={"application_name": name}, **options)
    await connection.fetch("SELECT $1::int", 1)
    after_fetch = await connection.fetchval(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%$1::int%'"
    )
    statement = await connection.prepare("SELECT $1::text")
    await statement.fetch("x")
    names = await connection.fetch("SELECT name FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::text%'")
    await connection.close()
    return {"fetch": after_fetch > 0, "prepare": len(names) > 0}


measure("named statements by default", lambda: asyncio.run(prepared("asyncpg-named")))
measure(
    "named statements with statement_cache_size=0",
    lambda: asyncio.run(prepared("asyncpg-unnamed", statement_cache_size=0)),
)
