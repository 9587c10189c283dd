"""psycopg_pool and psycopg2.pool: arguments, what they open and keep, and what happens when they are full."""

import inspect
import threading
import time

import psycopg2.pool
import psycopg_pool
from measure import ASKS, URL, connections, defaults, measure, outcome, record, settled, versions
from psycopg_pool import ConnectionPool, NullConnectionPool, PoolTimeout

versions("psycopg", "psycopg-pool", "psycopg2-binary")

CLASSES = ["ConnectionPool", "AsyncConnectionPool", "NullConnectionPool", "AsyncNullConnectionPool"]
record("classes", [name for name in CLASSES if hasattr(psycopg_pool, name)])
for prefix, cls, names in [
    ("", ConnectionPool, ASKS["defaults"]),
    ("async ", psycopg_pool.AsyncConnectionPool, ASKS["defaults"]),
    ("null ", NullConnectionPool, ASKS["nullDefaults"]),
]:
    found = defaults(cls.__init__)
    for name in names:
        record(f"{prefix}default {name}", found.get(name, "absent"))
real = set(inspect.signature(ConnectionPool.__init__).parameters) | set(
    inspect.signature(NullConnectionPool.__init__).parameters
)
record("unknown arguments", sorted(real - set(ASKS["known"]) - {"self"}))
record("has check_connection", hasattr(ConnectionPool, "check_connection"))
record("close_returns", "close_returns" in real)


def pool(name, cls=ConnectionPool, **options):
    return cls(URL, kwargs={"application_name": name}, **options)


def constructs(cls=ConnectionPool, **options):
    pool("psycopg-constructs", cls, open=False, **options)


for name in ASKS["refused"]:
    record(f"refused {name}", outcome(constructs, **{name: 5}))
for name, lowest in ASKS["lowest"].items():
    others = {"max_size": 9} if name == "min_size" else {"min_size": 0}
    tries = [{**others, name: lowest}, {**others, name: lowest - 1}]
    record(f"lowest {name}", [outcome(constructs, **options) for options in tries])
REFUSED = [
    {"max_size": 2},
    {"min_size": 0},
    {"min_size": 0, "max_size": 3},
    {"num_workers": 0},
    {"min_size": "2"},
]
for options in REFUSED:
    record(f"ConnectionPool({options})", outcome(constructs, **options))
for options in [{"min_size": 1}, {"max_size": 0}, {"max_size": None}]:
    record(f"NullConnectionPool({options})", outcome(constructs, NullConnectionPool, **options))


def capacity(name, cls=ConnectionPool, attempts=8, **options):
    made = pool(name, cls, open=False, timeout=2, **options)
    made.open(wait=cls is ConnectionPool)
    eager = settled(name)
    held, stopped = [], "nothing"
    for _ in range(attempts):
        try:
            held.append(made.getconn())
        except Exception as error:  # noqa: BLE001
            stopped = type(error).__name__
            break
    opened = connections(name)
    for connection in held:
        made.putconn(connection)
    kept = settled(name)
    made.close()
    return {"eager": eager, "open": opened, "stopped by": stopped, "kept": kept}


measure("default pool", capacity, "psycopg-default")
measure("min_size=1, max_size=3", capacity, "psycopg-1-3", min_size=1, max_size=3)
measure("NullConnectionPool", capacity, "psycopg-null", NullConnectionPool)
measure("NullConnectionPool(max_size=2)", capacity, "psycopg-null2", NullConnectionPool, max_size=2)


def too_many_waiters():
    made = pool("psycopg-waiting", min_size=1, max_size=1, max_waiting=1, timeout=1, open=True)
    made.wait()
    holder = made.getconn()
    outcomes = []
    waiter = threading.Thread(target=lambda: outcomes.append(outcome(made.getconn)))
    waiter.start()
    deadline = time.monotonic() + 5
    while made.get_stats().get("requests_waiting", 0) < 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    second = outcome(made.getconn)
    waiter.join()
    made.putconn(holder)
    made.close()
    return [second, *outcomes]


measure("max_waiting=1 with two waiters", too_many_waiters)
record("used before open", outcome(pool("psycopg-closed", open=False).getconn))
record("PoolTimeout is", PoolTimeout.__mro__[1].__name__)


# psycopg2
def psycopg2_pool(name, low, high):
    return psycopg2.pool.ThreadedConnectionPool(low, high, URL, application_name=name)


record("psycopg2.pool", sorted(name for name in vars(psycopg2.pool) if name.endswith("Pool")))
parameters = inspect.signature(psycopg2.pool.AbstractConnectionPool.__init__).parameters
record(
    "psycopg2 arguments",
    [f"{name}{'' if one.default is inspect.Parameter.empty else '='}" for name, one in parameters.items()],
)


def psycopg2_capacity(name, low, high, attempts=12):
    made = psycopg2_pool(name, low, high)
    eager = connections(name)
    held, stopped = [], "nothing"
    for _ in range(attempts):
        try:
            held.append(made.getconn())
        except Exception as error:  # noqa: BLE001
            stopped = type(error).__name__
            break
    opened = connections(name)
    for connection in held:
        made.putconn(connection)
    kept = settled(name)
    made.closeall()
    return {"eager": eager, "open": opened, "stopped by": stopped, "kept": kept}


for low, high in [(1, 5), (2, 8), (5, 2), (0, 0), (1, -1)]:
    measure(f"psycopg2 ({low}, {high})", psycopg2_capacity, f"psycopg2-{low}-{high}", low, high)


def full_at_once():
    made = psycopg2_pool("psycopg2-full", 1, 1)
    made.getconn()
    before = time.monotonic()
    result = outcome(made.getconn)
    made.closeall()
    return [result, time.monotonic() - before < 0.2]


measure("psycopg2 when full: at once", full_at_once)
