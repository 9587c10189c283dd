"""peewee's pools."""

import importlib
import threading
import time

import peewee
from measure import ASKS, DATABASE, PORT, connections, defaults, measure, outcome, record, settled, versions
from playhouse import pool
from playhouse.db_url import connect

versions("peewee")

found = defaults(pool.PooledDatabase.__init__)
for name in ASKS["defaults"]:
    record(f"default {name}", found[name])
modules = [
    importlib.import_module(f"playhouse.{name}")
    for name in ["pool", "postgres_ext", "cockroachdb", "mysql_ext", "pwasyncio"]
]
existing = {name for module in modules for name in vars(module)}
record("classes we name that do not exist", sorted(set(ASKS["classes"]) - existing))
pooled = {name for name in existing if name.startswith("Pooled") and name.endswith("Database")}
record("pooled classes we do not name", sorted(pooled - set(ASKS["classes"])))


def database(name, **options):
    return pool.PooledPostgresqlDatabase(
        DATABASE,
        host="127.0.0.1",
        port=PORT,
        user="postgres",
        password="unused",
        application_name=name,
        **options,
    )


def capacity(name, threads, **options):
    """As many threads as given each open a connection and hold it until all have tried."""
    made = database(name, **options)
    outcomes, release = [], threading.Event()

    def work():
        result = outcome(made.connect)
        outcomes.append(result)
        release.wait()
        if result == "ok":
            made.close()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    deadline = time.monotonic() + 5
    while len(outcomes) < threads and time.monotonic() < deadline:
        time.sleep(0.01)
    opened = connections(name)
    release.set()
    for worker in workers:
        worker.join()
    kept = settled(name)
    made.close_all()
    return {"open": opened, "outcomes": sorted(set(outcomes)), "kept": kept}


measure("default pool, 25 threads", capacity, "peewee-default", 25)
measure("max_connections=2, 4 threads", capacity, "peewee-2", 4, max_connections=2)
measure("max_connections=0, 25 threads", capacity, "peewee-0", 25, max_connections=0)
measure("max_connections=None, 25 threads", capacity, "peewee-none", 25, max_connections=None)


def waits(name, timeout, guard):
    """What the second thread meets while the only connection is in use: an error at once or later, or no end."""
    made = database(name, max_connections=1, timeout=timeout)
    made.connect()
    outcomes = []
    started = time.monotonic()

    def work():
        outcomes.append(outcome(made.connect))
        outcomes.append(time.monotonic() - started)
        if outcomes[0] == "ok":
            made.close()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(guard)
    result = "waits" if not outcomes else [outcomes[0], "at once" if outcomes[1] < 0.3 else "later"]
    made.close()
    worker.join(5)
    made.close_all()
    return result


measure("full with timeout=None", waits, "peewee-t-none", None, 1)
measure("full with timeout=0", waits, "peewee-t-0", 0, 1)
measure("full with timeout=1", waits, "peewee-t-1", 1, 4)

made = connect(f"postgresql+pool://postgres:unused@127.0.0.1:{PORT}/{DATABASE}?max_connections=7&stale_timeout=60")
record("postgresql+pool://", {"class": type(made).__name__, "max": made._max_connections, "stale": made._stale_timeout})
record("peewee major version", int(peewee.__version__.split(".")[0]))


def asynchronous():
    from playhouse.pwasyncio import AsyncPostgresqlDatabase

    made = AsyncPostgresqlDatabase(DATABASE)
    return {name: getattr(made, f"_{name}") for name in ASKS["asyncDefaults"]}


measure("playhouse.pwasyncio", asynchronous)
for name in ASKS["refused"]:
    record(f"refused {name}", outcome(lambda name=name: database("peewee-refused", **{name: 5}).connect()))
