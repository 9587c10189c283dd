"""SQLAlchemy: which arguments create_engine takes, their defaults, and which values it refuses when."""

import inspect
import re

import sqlalchemy
from measure import ASKS, DATABASE, PORT, measure, outcome, record, versions
from sqlalchemy import create_engine, engine_from_config, pool
from sqlalchemy.engine import create, default, make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import get_cls_kwargs

versions("sqlalchemy")

SYNC = f"postgresql+psycopg2://postgres:unused@127.0.0.1:{PORT}/{DATABASE}"
ASYNC = f"postgresql+asyncpg://postgres:unused@127.0.0.1:{PORT}/{DATABASE}"


def engine(**options):
    return create_engine(SYNC, **options)


def default_values():
    made = engine()
    reset = made.pool._reset_on_return
    return {
        "pool_size": made.pool.size(),
        "max_overflow": made.pool._max_overflow,
        "pool_timeout": made.pool._timeout,
        "pool_recycle": made.pool._recycle,
        "pool_pre_ping": made.pool._pre_ping,
        "pool_use_lifo": made.pool._pool.use_lifo,
        "pool_reset_on_return": reset.name.replace("reset_", ""),
        "poolclass": type(made.pool).__name__,
        "poolclass of an async engine": type(create_async_engine(ASYNC).sync_engine.pool).__name__,
    }


for name, value in default_values().items():
    record(f"default {name}", value)


# Pool classes: which of the arguments that depend on the class each accepts, and which engines each may serve.
VALUES = {"pool_size": 2, "max_overflow": 1, "pool_timeout": 3, "pool_use_lifo": True}
for name in ASKS["poolClasses"]:
    cls = getattr(pool, name, None)
    if cls is None:
        record(f"pool class {name}", "absent")
        continue
    make_sync = outcome(create_engine, SYNC, poolclass=cls)
    make_async = outcome(create_async_engine, ASYNC, poolclass=cls)
    record(f"pool class {name}", f"{make_sync}, async {make_async}")
    make = create_engine if make_sync == "ok" else create_async_engine
    url = SYNC if make_sync == "ok" else ASYNC
    accepted = [
        argument for argument in VALUES if outcome(make, url, poolclass=cls, **{argument: VALUES[argument]}) == "ok"
    ]
    record(f"accepted by {name}", accepted)
    others = {"pool_recycle": 10, "pool_pre_ping": True, "pool_reset_on_return": None}
    record(f"others accepted by {name}", outcome(make, url, poolclass=cls, **others))

for name in ASKS["unknownArguments"]:
    record(f"create_engine({name}=...)", outcome(engine, **{name: 1}))


def arguments_we_do_not_know():
    """Everything create_engine takes for any built-in dialect, less what the facts table names."""
    known = set(ASKS["knownArguments"])
    real = set(re.findall(r"""(?:pop_kwarg|kwargs\.pop|kwargs\.get)\(\s*["'](\w+)["']""", inspect.getsource(create)))
    for dialect in ASKS["dialects"]:
        try:
            real |= set(get_cls_kwargs(make_url(dialect + "://").get_dialect()))
        except Exception:  # noqa: BLE001  A dialect this version does not have.
            continue
    real |= set(get_cls_kwargs(sqlalchemy.engine.Engine))
    internal = {"self", "kw", "kwargs", "_has_events", "dbapi"}
    return sorted(name for name in real - known - internal if not name.startswith("_"))


measure("arguments our table does not know", arguments_we_do_not_know)

coerced = set(default.DefaultDialect.engine_config_types)
record("coerced by engine_from_config", sorted(coerced & set(ASKS["knownArguments"])))

for value in ["rollback", "commit", "none", True, False, None, "None", "unknown"]:
    record(f"pool_reset_on_return={value!r}", outcome(engine, pool_reset_on_return=value))

for value in [True, False]:
    record(f"future={value}", outcome(engine, future=value))

record("pool= next to pool_size=", outcome(engine, pool=engine().pool, pool_size=3))
record("poolclass as a text", outcome(engine, poolclass="NullPool"))


# Numbers given as a text or as None: when do they raise?
def stage(argument, value):
    """The first of construction, checkout, reuse and wait at which the argument raises."""
    others = {} if argument == "pool_timeout" else {"pool_timeout": 0.01}
    if argument != "pool_size":
        others.setdefault("pool_size", 1)
    if argument != "max_overflow":
        others.setdefault("max_overflow", 0)
    try:
        made = engine(**others, **{argument: value})
    except TypeError:
        return "construction"
    try:
        try:
            first = made.connect()
        except TypeError:
            return "checkout"
        # A wait for ever would end this probe: only a text is tried there.
        if argument == "pool_timeout" and value is None:
            return "never"
        try:
            made.connect().close()
        except TypeError:
            return "wait"
        except sqlalchemy.exc.TimeoutError:
            pass
        first.close()
        try:
            made.connect().close()
        except TypeError:
            return "reuse"
        return "never"
    finally:
        made.dispose()


for argument in ASKS["numberArguments"]:
    measure(f"{argument} as a text", stage, argument, "5")
    measure(f"{argument} as None", stage, argument, None)

for dialect in ["postgresql", "mysql", "mariadb", "mssql", "oracle"]:
    record(f"driver of {dialect}://", make_url(f"{dialect}://").get_dialect().driver)


def loop_of(driver):
    """Whether a driver is made for async engines; None where this version has no such driver."""
    for dialect in ["postgresql", "mysql", "mssql", "oracle"]:
        try:
            return bool(make_url(f"{dialect}+{driver}://").get_dialect().is_async)
        except Exception:  # noqa: BLE001  Not a driver of this dialect.
            continue
    return None


for driver in ASKS["drivers"]:
    record(f"{driver} is async", loop_of(driver))


def config(**texts):
    return engine_from_config({"sqlalchemy.url": SYNC, **{f"sqlalchemy.{name}": text for name, text in texts.items()}})


record('engine_from_config pool_pre_ping="false"', bool(config(pool_pre_ping="false").pool._pre_ping))
record('engine_from_config pool_use_lifo="false"', bool(config(pool_use_lifo="false").pool._pool.use_lifo))
record('engine_from_config pool_size="7"', config(pool_size="7").pool.size())
record('engine_from_config pool_timeout="2.5"', outcome(config, pool_timeout="2.5"))

direct = {"pool_size": 5, "max_overflow": 10, "timeout": 30.0, "use_lifo": False}
signature = inspect.signature(pool.QueuePool).parameters
record("QueuePool(...) defaults", {name: signature[name].default == value for name, value in direct.items()})
record("QueuePool(pool_timeout=...)", outcome(pool.QueuePool, lambda: None, pool_timeout=3))
record("NullPool at the top level", hasattr(sqlalchemy, "NullPool"))
record("create_pool_from_url", hasattr(sqlalchemy, "create_pool_from_url"))
if hasattr(sqlalchemy, "create_pool_from_url"):
    record("create_pool_from_url(size=...)", outcome(sqlalchemy.create_pool_from_url, SYNC, size=3))
    record("create_pool_from_url(pool_size=...)", sqlalchemy.create_pool_from_url(SYNC, pool_size=3).size())
    both = {"pre_ping": True, "timeout": 3, "recycle": 60, "use_lifo": True}
    record("create_pool_from_url unprefixed names", outcome(sqlalchemy.create_pool_from_url, SYNC, **both))
