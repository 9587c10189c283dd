"""SQLAlchemy: how many connections its pools really open, keep and share, as the server counts them."""

import asyncio
import gc
import os
import threading

import sqlalchemy
from measure import DATABASE, PORT, connections, logged, measure, outcome, record, settled, versions
from sqlalchemy import create_engine, exc, pool, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

versions("sqlalchemy", "asyncpg", "psycopg2-binary", "psycopg")
IS_2 = not sqlalchemy.__version__.startswith("1.")
ATTEMPTS = 20


def url(application_name, driver="psycopg2", more=""):
    name = "" if driver == "asyncpg" else f"?application_name={application_name}"
    return f"postgresql+{driver}://postgres:unused@127.0.0.1:{PORT}/{DATABASE}{name}{more}"


def engine(application_name, **options):
    if options.get("poolclass") is None:
        options.setdefault("pool_timeout", 0.01)
    return create_engine(url(application_name), **options)


def capacity(name, attempts=ATTEMPTS, **options):
    """Checks out up to `attempts` connections at once: what the server counts, what stopped it, what stays open."""
    made = engine(name, **options)
    held, stopped = [], "nothing"
    for _ in range(attempts):
        try:
            held.append(made.connect())
        except Exception as error:  # noqa: BLE001
            stopped = type(error).__name__
            break
    opened = connections(name)
    for connection in held:
        connection.close()
    kept = settled(name)
    made.dispose()
    return {"open": opened, "stopped by": stopped, "kept": kept}


measure("defaults", capacity, "sa-defaults")
measure("pool_size=0, max_overflow=0", capacity, "sa-00", pool_size=0, max_overflow=0)
measure("pool_size=0", capacity, "sa-0", pool_size=0)
measure("pool_size=2, max_overflow=-1", capacity, "sa-unlimited", pool_size=2, max_overflow=-1)
measure("max_overflow=-5", capacity, "sa-m5", max_overflow=-5)
measure("max_overflow=-3", capacity, "sa-m3", max_overflow=-3)
measure("pool_size=-1, max_overflow=4", capacity, "sa-n1", pool_size=-1, max_overflow=4)
measure("pool_size=3, max_overflow=0", capacity, "sa-30", pool_size=3, max_overflow=0)
measure("NullPool", capacity, "sa-null", poolclass=NullPool)
measure("StaticPool", capacity, "sa-static", poolclass=pool.StaticPool)
measure("AssertionPool", capacity, "sa-assertion", poolclass=pool.AssertionPool)


def backend(connection):
    return connection.execute(text("SELECT pg_backend_pid()")).scalar()


def different_backends(name, **options):
    made = engine(name, **options)
    seen = set()
    for _ in range(3):
        with made.connect() as connection:
            seen.add(backend(connection))
    made.dispose()
    return len(seen)


measure("pool_recycle=0: backends of 3 checkouts", different_backends, "sa-recycle0", pool_recycle=0)
measure("pool_recycle=-2: backends of 3 checkouts", different_backends, "sa-recycle-2", pool_recycle=-2)


def waiters(name):
    made = engine(name, pool_size=1, max_overflow=0, pool_timeout=0.3)
    holder = made.connect()
    outcomes = []
    threads = [threading.Thread(target=lambda: outcomes.append(outcome(made.connect))) for _ in range(5)]
    for thread in threads:
        thread.start()
    opened = connections(name)
    for thread in threads:
        thread.join()
    holder.close()
    made.dispose()
    return {"open": opened, "outcomes": sorted(set(outcomes))}


measure("five waiters behind one connection", waiters, "sa-waiters")
measure(
    "pool_timeout=-1 when it has to wait", lambda: capacity("sa-negative", pool_size=1, max_overflow=0, pool_timeout=-1)
)

# Which pool class and driver a URL means.
CLASSES = {
    "sqlite://": create_engine,
    "sqlite:///:memory:": create_engine,
    "sqlite:////tmp/poolproof-facts.db": create_engine,
    "sqlite+aiosqlite://": create_async_engine,
    "sqlite+aiosqlite:////tmp/poolproof-facts.db": create_async_engine,
    "sqlite:///file:x?mode=memory&cache=shared&uri=true": create_engine,
    "sqlite:///file::memory:?cache=shared&uri=true": create_engine,
}
for address, make in CLASSES.items():
    measure(
        f"pool class of {address}",
        lambda address=address, make=make: (
            type(
                getattr(make(address), "sync_engine", None) and make(address).sync_engine.pool or make(address).pool
            ).__name__
        ),
    )
record("postgres://", outcome(create_engine, f"postgres://postgres@127.0.0.1:{PORT}/{DATABASE}"))
record(
    "create_async_engine(postgresql://)",
    outcome(create_async_engine, f"postgresql://postgres@127.0.0.1:{PORT}/{DATABASE}"),
)
record("sqlite:// with max_overflow", outcome(create_engine, "sqlite://", max_overflow=3))
record("sqlite:// with pool_size", outcome(create_engine, "sqlite://", pool_size=3))
record("sqlite+aiosqlite:// with pool_size", outcome(create_async_engine, "sqlite+aiosqlite://", pool_size=3))


def connects(made):
    with made.connect():
        pass


# Pool settings and driver settings in the URL's query.
for driver in ["psycopg2", *(["psycopg"] if IS_2 else [])]:
    made = create_engine(url("sa-query", driver, "&pool_size=20"))
    record(f"?pool_size=20 with {driver}", outcome(connects, made))
record("sync engine with asyncpg", outcome(connects, create_engine(url("sa-sync", "asyncpg"))))
if IS_2:
    record(
        "?prepare_threshold=0 with psycopg",
        outcome(connects, create_engine(url("sa-threshold", "psycopg", "&prepare_threshold=0"))),
    )


async def async_outcome(made):
    try:
        async with made.connect() as connection:
            await connection.execute(text("SELECT 1"))
        return "ok"
    except Exception as error:  # noqa: BLE001
        return type(error).__name__ if not isinstance(error, exc.DBAPIError) else type(error.orig).__name__
    finally:
        await made.dispose()


def asyncpg(query_text="", **options):
    return asyncio.run(
        async_outcome(create_async_engine(url("", "asyncpg", query_text and f"?{query_text}"), **options))
    )


for query_text in [
    "pool_size=20",
    "prepared_statement_cache_size=0",
    "statement_cache_size=0",
    "sslmode=disable",
    "ssl=disable",
]:
    measure(f"?{query_text} with asyncpg", asyncpg, query_text)
for arguments in [{"connect_timeout": 3}, {"timeout": 3}, {"command_timeout": 3}, {"min_size": 1}, {"max_size": 1}]:
    measure(f"connect_args={arguments} with asyncpg", asyncpg, connect_args=arguments)


# asyncpg below SQLAlchemy: no pool of its own, and which statements stay prepared.
async def below(name, query_text="", **arguments):
    settings = {"server_settings": {"application_name": name}, **arguments}
    made = create_async_engine(url("", "asyncpg", query_text), connect_args=settings)
    async with made.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        for value in range(3):
            await connection.execute(text(f"SELECT {value} + :x"), {"x": 1})
        prepared = await raw.fetch("SELECT name FROM pg_prepared_statements WHERE statement LIKE 'SELECT%+%'")
        result = {"class": f"{type(raw).__module__}.{type(raw).__name__}", "prepared": len(prepared) > 0}
    await made.dispose()
    return result


if IS_2:
    measure("asyncpg below", lambda: asyncio.run(below("sa-below")))
    measure("asyncpg with statement_cache_size=0", lambda: asyncio.run(below("sa-cache0", statement_cache_size=0)))
    measure(
        "asyncpg with ?prepared_statement_cache_size=0",
        lambda: asyncio.run(below("sa-pcache0", "?prepared_statement_cache_size=0")),
    )


async def one_engine_two_loops(poolclass):
    async with ENGINES[poolclass].connect() as connection:
        await connection.execute(text("SELECT 1"))


ENGINES = {
    "default": create_async_engine(url("", "asyncpg"), pool_pre_ping=True),
    "NullPool": create_async_engine(url("", "asyncpg"), poolclass=NullPool),
}
for poolclass in ENGINES:
    asyncio.run(one_engine_two_loops(poolclass))
    worked = outcome(asyncio.run, one_engine_two_loops(poolclass)) == "ok"
    record(f"one async engine, two event loops, {poolclass}", "ok" if worked else "fails")


# What a ping sends, as the server logs it.
def ping(driver):
    name = f"sa-ping-{driver}"
    made = create_engine(url(name, driver), pool_pre_ping=True, connect_args={"options": "-c log_statement=all"})
    for _ in range(2):
        with made.connect() as connection:
            connection.execute(text("SELECT 'marker'"))
    made.dispose()
    lines = [line.split(": ", 2)[-1].strip() for line in logged(name) if "statement:" in line or "execute" in line]
    between = lines[lines.index("SELECT 'marker'") + 1 :]
    between = between[: between.index("SELECT 'marker'")]
    return [line for line in between if line.upper() not in {"ROLLBACK", "BEGIN"}]


measure("ping of psycopg2", ping, "psycopg2")
if IS_2:
    measure("ping of psycopg", ping, "psycopg")


def pings_when_fresh(name):
    """NullPool with pre_ping: every connection is fresh, and none is tested."""
    made = create_engine(
        url(name), poolclass=NullPool, pool_pre_ping=True, connect_args={"options": "-c log_statement=all"}
    )
    for _ in range(3):
        with made.connect():
            pass
    return sum("SELECT 1" in line for line in logged(name))


measure("pings of NullPool with pool_pre_ping", pings_when_fresh, "sa-null-ping")


def leftovers(name, calls=60):
    """An engine per call, never disposed: open at once, and open after a full collection."""
    most = 0
    for _ in range(calls):
        connects(create_engine(url(name)))
        most = max(most, connections(name))
    gc.collect()
    return {"more than one left open": most > 1, "after gc": settled(name)}


measure("an engine per call", leftovers, "sa-percall")


def dispose_keeps(name):
    made = engine(name, pool_size=2)
    held = made.connect()
    made.dispose()
    made.connect().close()
    opened = settled(name)
    held.close()
    made.dispose()
    return opened


measure("dispose() with one connection in use, then one checkout", dispose_keeps, "sa-dispose")


def backend_of_child(name, queries_before, prepare=lambda made: None):
    """Whether a forked child uses the server process of its parent's connection."""
    made = engine(name)
    if queries_before:
        with made.connect() as connection:
            parent = backend(connection)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        prepare(made)
        with made.connect() as connection:
            os.write(writer, str(backend(connection)).encode())
        # No exit handlers: they are the parent's.
        os._exit(0)
    os.waitpid(child, 0)
    found = int(os.read(reader, 32))
    if not queries_before:
        with made.connect() as connection:
            parent = backend(connection)
    made.dispose()
    return "the parent's" if found == parent else "its own"


measure("connection of a forked child", backend_of_child, "sa-fork", True)
measure("connection of a forked child, no query before", backend_of_child, "sa-fork-lazy", False)
measure(
    "connection of a forked child after dispose(close=False)",
    backend_of_child,
    "sa-fork-dispose",
    True,
    lambda made: made.dispose(close=False),
)
