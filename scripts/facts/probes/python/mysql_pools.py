"""aiomysql, asyncmy and mysql-connector on MariaDB; python-oracledb as far as it needs no server."""

import asyncio
import importlib.util
import time

from measure import (
    ASKS,
    DATABASE,
    PORT,
    defaults,
    mariadb_connections,
    measure,
    outcome,
    pool_stage,
    record,
    settled,
    versions,
)

versions("aiomysql", "asyncmy", "mysql-connector-python", "oracledb", "peewee", "pymysql")

SERVER = {"host": "127.0.0.1", "port": PORT, "user": "poolproof", "password": "unused"}


def count():
    return settled("", mariadb_connections)


async def async_pool(create, attempts, **options):
    """Eager, open while all are held, and kept connections of a pool with aiomysql's interface."""
    pool = await create(db=DATABASE, **SERVER, **options)
    eager = count()
    held, stopped = [], "nothing"
    for _ in range(attempts):
        try:
            held.append(await asyncio.wait_for(pool.acquire(), 2))
        except asyncio.TimeoutError:
            stopped = "waits"
            break
    opened = mariadb_connections()
    for connection in held:
        pool.release(connection) if not asyncio.iscoroutinefunction(pool.release) else await pool.release(connection)
    await asyncio.sleep(0)
    kept = count()
    pool.close()
    await pool.wait_closed()
    return {"eager": eager, "open": opened, "stopped by": stopped, "kept": kept}


def run(create, attempts, **options):
    async def guarded():
        try:
            return await asyncio.wait_for(async_pool(create, attempts, **options), 20)
        except Exception as error:  # noqa: BLE001
            return type(error).__name__

    return asyncio.run(guarded())


for package in ["aiomysql", "asyncmy"]:
    if importlib.util.find_spec(package) is None:
        continue
    module = importlib.import_module(package)
    found = defaults(module.create_pool)
    for name in ASKS[package]["defaults"]:
        record(f"default {name}", found.get(name, "absent"))

    async def create(**options):
        return await module.create_pool(db=DATABASE, **SERVER, **options)

    async def release(pool, connection):
        result = pool.release(connection)
        if asyncio.iscoroutine(result) or asyncio.isfuture(result):
            await result

    for name in ASKS[package]["numbers"]:
        measure(f"{name} as a text", lambda name=name: asyncio.run(pool_stage(create, release, name, "5")))
        measure(f"{name} as None", lambda name=name: asyncio.run(pool_stage(create, release, name, None)))
    for name in ASKS[package]["refused"]:
        record(f"refused {name}", run(module.create_pool, 1, **{name: 5}))
    if package == "asyncmy":
        from asyncmy.pool import Pool

        record("asyncmy.pool.Pool is a class", isinstance(Pool, type))
    measure(f"{package} default pool", run, module.create_pool, 12)
    measure(f"{package} minsize=2, maxsize=3", run, module.create_pool, 5, minsize=2, maxsize=3)
    measure(f"{package} maxsize=0", run, module.create_pool, 14, maxsize=0)
    measure(f"{package} maxsize below minsize", run, module.create_pool, 1, minsize=3, maxsize=2)


def connector():
    import mysql.connector
    from mysql.connector import pooling

    found = defaults(pooling.MySQLConnectionPool.__init__)
    for name in ASKS["mysql-connector"]["defaults"]:
        record(f"default {name}", found[name])
    record("mysql-connector largest pool", pooling.CNX_POOL_MAXSIZE)

    def pool(name, **options):
        return pooling.MySQLConnectionPool(pool_name=name, database=DATABASE, **SERVER, **options)

    for index, name in enumerate(ASKS["mysql-connector"]["refused"]):
        record(f"refused {name}", outcome(pool, f"refused{index}", **{name: 3}))
    for name in ASKS["mysql-connector"]["numbers"]:
        for label, value in {"a text": "5", "None": None}.items():
            stage = "construction" if outcome(pool, f"number{label[0]}", **{name: value}) == "TypeError" else "never"
            record(f"{name} as {label}", stage)
    for size in [0, -1, pooling.CNX_POOL_MAXSIZE + 1]:
        record(f"mysql-connector pool_size={size}", outcome(pool, f"size{size}", pool_size=size))

    def capacity(name, **options):
        made = pool(name, **options)
        eager = count()
        held = [made.get_connection() for _ in range(made.pool_size)]
        started = time.monotonic()
        full = outcome(made.get_connection)
        at_once = time.monotonic() - started < 0.3
        opened = mariadb_connections()
        for connection in held:
            connection.close()
        kept = count()
        made._remove_connections()
        return {"eager": eager, "open": opened, "full": full, "at once": at_once, "kept": kept}

    measure("mysql-connector default pool", capacity, "plain")
    measure("mysql-connector pool_size=2", capacity, "two", pool_size=2)

    def shared(size, other_size):
        mysql.connector.connect(pool_name="shared", pool_size=size, database=DATABASE, **SERVER).close()
        opened = count()
        again = outcome(mysql.connector.connect, pool_name="shared", pool_size=other_size, database=DATABASE, **SERVER)
        return {"open": opened, "same name, other size": again}

    before = count()
    record("mysql-connector connections before", before)
    measure("mysql-connector connect(pool_size=3)", shared, 3, 4)


if importlib.util.find_spec("mysql"):
    connector()

if importlib.util.find_spec("oracledb"):
    import oracledb

    parameters = oracledb.PoolParams()
    for name in ASKS["oracledb"]["defaults"]:
        record(f"default {name}", getattr(parameters, name))
    for name in ASKS["oracledb"]["refused"]:
        record(f"refused {name}", outcome(oracledb.create_pool, user="app", dsn="127.0.0.1:1/none", **{name: 3}))
    record("default ping_timeout", parameters.ping_timeout)
    record("oracledb getmode waits", parameters.getmode == oracledb.POOL_GETMODE_WAIT)

    async def asynchronous():
        pool = oracledb.create_pool_async(user="app", password="unused", dsn="127.0.0.1:1/none", min=0, max=3)
        found = {"min": pool.min, "max": pool.max, "opened": pool.opened}
        await pool.close(force=True)
        return found

    measure("oracledb create_pool_async(max=3)", lambda: asyncio.run(asynchronous()))
    for label, sizes in {"max below min": {"min": 3, "max": 2}, "max=0": {"min": 0, "max": 0}}.items():
        record(
            f"oracledb {label}",
            outcome(oracledb.create_pool, user="app", password="unused", dsn="127.0.0.1:1/none", **sizes),
        )
