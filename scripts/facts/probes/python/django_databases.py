"""Django: the keys of DATABASES, persistent connections, the native pool, and the helpers that read URLs."""

import importlib.util
import inspect
import sys
import threading

import django
from django.conf import settings
from measure import ASKS, DATABASE, PORT, connections, defaults, measure, outcome, record, settled, versions

versions("django", "psycopg", "psycopg-pool", "dj-database-url", "django-environ")

if not settings.configured:
    settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})
    django.setup()

import django.db  # noqa: E402
from django.db.utils import ConnectionHandler  # noqa: E402


def handler(name, engine="django.db.backends.postgresql", **more):
    """A connection handler of its own, so that no experiment meets another's connections or pools."""
    options = {"application_name": name, **more.pop("OPTIONS", {})}
    server = {"HOST": "127.0.0.1", "PORT": PORT, "USER": "postgres", "PASSWORD": "unused"}
    alias = name.replace("-", "_")
    config = {"ENGINE": engine, "NAME": DATABASE, **server, "OPTIONS": options, **more}
    empty = {"ENGINE": "django.db.backends.dummy"}
    return ConnectionHandler({"default": empty, alias: config})[alias]


def run(connection, sql="SELECT 1"):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


configured = handler("django-defaults").settings_dict
for key in ASKS["defaults"]:
    record(f"default {key}", configured.get(key, False))
record("keys of an alias", sorted({*configured, "DISABLE_SERVER_SIDE_CURSORS"}))


def backends_of_two_requests(name, **settings_of_database):
    """The server processes that two requests use, as the request signals would bound them."""
    connection = handler(name, **settings_of_database)
    seen = []
    for _ in range(2):
        connection.close_if_unusable_or_obsolete()
        seen.append(run(connection, "SELECT pg_backend_pid()")[0])
        connection.close_if_unusable_or_obsolete()
    connection.close()
    return len(set(seen))


measure("CONN_MAX_AGE=0: backends of 2 requests", backends_of_two_requests, "django-age0", CONN_MAX_AGE=0)
measure("CONN_MAX_AGE=600: backends of 2 requests", backends_of_two_requests, "django-age600", CONN_MAX_AGE=600)
measure("CONN_MAX_AGE=None: backends of 2 requests", backends_of_two_requests, "django-none", CONN_MAX_AGE=None)
measure("CONN_MAX_AGE=-5: backends of 2 requests", backends_of_two_requests, "django-minus5", CONN_MAX_AGE=-5)
measure("conn_max_age in lower case", backends_of_two_requests, "django-lower", conn_max_age=600)
record("CONN_MAX_AGE as a text", outcome(run, handler("django-text", CONN_MAX_AGE="600")))
receivers = inspect.getsource(sys.modules["django.db"])
record(
    "signals that close connections",
    [
        name
        for name in ["request_started", "request_finished"]
        if f"signals.{name}.connect(close_old_connections)" in receivers
    ],
)


def outside_requests(name):
    """Without the signals nothing closes a connection, however old."""
    connection = handler(name, CONN_MAX_AGE=0)
    pids = {run(connection, "SELECT pg_backend_pid()")[0] for _ in range(2)}
    connection.close()
    return len(pids)


measure("CONN_MAX_AGE=0 outside requests: backends of 2 queries", outside_requests, "django-outside")


def health_check(name, is_checked):
    """A reused connection whose server process is gone, at the next request."""
    connection = handler(name, CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=is_checked)
    killer = handler(f"{name}-killer")
    pid = run(connection, "SELECT pg_backend_pid()")[0]
    run(killer, f"SELECT pg_terminate_backend({pid}, 3000)")
    connection.close_if_unusable_or_obsolete()
    connection.health_check_done = False
    result = outcome(run, connection)
    connection.close()
    killer.close()
    return result


measure("a dead connection without CONN_HEALTH_CHECKS", health_check, "django-unchecked", False)
measure("a dead connection with CONN_HEALTH_CHECKS", health_check, "django-checked", True)


def per_thread(name, threads=4):
    """One connection per thread that touches the database."""
    connection_settings = handler(name)
    alias = connection_settings.alias
    databases = ConnectionHandler(
        {"default": {"ENGINE": "django.db.backends.dummy"}, alias: connection_settings.settings_dict}
    )
    ready, done = threading.Barrier(threads + 1), threading.Event()

    def work():
        run(databases[alias])
        ready.wait()
        done.wait()
        databases[alias].close()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    ready.wait()
    opened = connections(name)
    done.set()
    for worker in workers:
        worker.join()
    return opened


measure("connections of 4 threads", per_thread, "django-threads")

HAS_POOL = django.VERSION >= (5, 1)


def pool_sizes(name, pool, **more):
    """The native pool behind a connection; the exception's name where the first use raises."""
    connection = handler(name, OPTIONS={"pool": pool}, **more)
    try:
        run(connection)
        made = connection.pool
    except Exception as error:  # noqa: BLE001
        return type(error).__name__
    if made is None:
        connection.close()
        return None
    sizes = {"min": made.min_size, "max": made.max_size, "timeout": made.timeout, "lifetime": made.max_lifetime}
    # A pool that may grow can open one connection more while it is filled.
    opened = settled(name) if made.min_size == made.max_size else None
    connection.close()
    connection.close_pool()
    return {**sizes, "check": made._check is not None, "open": opened}


if HAS_POOL:
    POOLS = {
        "True": True,
        "{}": {},
        "max_size 10": {"max_size": 10},
        "max_size 2": {"max_size": 2},
        "2 to 4": {"min_size": 2, "max_size": 4, "timeout": 10},
        "pool_size": {"pool_size": 3},
        **{name: {name: None} for name in ["open", "check", "configure", "kwargs"]},
        "a misspelt name": {"max": 3},
    }
    for index, (label, value) in enumerate(POOLS.items()):
        measure(f"pool: {label}", pool_sizes, f"django-pool{index}", value)
    measure("pool with CONN_HEALTH_CHECKS", pool_sizes, "django-poolchecks", True, CONN_HEALTH_CHECKS=True)
    measure("pool with CONN_MAX_AGE=60", pool_sizes, "django-poolage", True, CONN_MAX_AGE=60)
    measure("pool with CONN_MAX_AGE=None", pool_sizes, "django-poolnone", True, CONN_MAX_AGE=None)
else:
    measure("pool: True", pool_sizes, "django-pool", True)


def pool_in_sqlite():
    databases = ConnectionHandler(
        {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {"pool": True}}}
    )
    return outcome(run, databases["default"])


measure("pool with SQLite", pool_in_sqlite)
connection = handler("django-prepare")
record("prepare_threshold", connection.get_connection_params().get("prepare_threshold", "unset"))

# Helpers that read a URL.
import dj_database_url  # noqa: E402
import environ  # noqa: E402

found = defaults(dj_database_url.config)
record(
    "dj_database_url.config defaults",
    {
        name: found[name]
        for name in [
            "env",
            "default",
            "conn_max_age",
            "conn_health_checks",
            "disable_server_side_cursors",
            "ssl_require",
        ]
    },
)
parsed = dj_database_url.parse("postgres://u@h/db?conn_max_age=600&pool=true")
record(
    "dj_database_url: ?conn_max_age=600&pool=true",
    {"CONN_MAX_AGE": parsed["CONN_MAX_AGE"], "OPTIONS": parsed["OPTIONS"]},
)
read = environ.Env.db_url_config("postgres://u@h/db?conn_max_age=600&conn_health_checks=false&pool=true")
names = ["CONN_MAX_AGE", "CONN_HEALTH_CHECKS", "OPTIONS"]
record("django-environ: ?conn_max_age=600&conn_health_checks=false&pool=true", {name: read.get(name) for name in names})
record("django-environ lifts", sorted(environ.Env._DB_BASE_OPTIONS))
record("schemes of django-environ", {scheme: engine for scheme, engine in environ.Env.DB_SCHEMES.items()})
record("schemes of dj-database-url", {scheme: one.backend for scheme, one in dj_database_url.ENGINE_SCHEMES.items()})
record("django-environ without parameters", environ.Env.db_url_config("postgres://u@h/db").get("CONN_MAX_AGE", "unset"))


def third_party_pool():
    from dj_db_conn_pool.core import pool_container

    return pool_container.pool_default_params


if importlib.util.find_spec("dj_db_conn_pool"):
    measure("django-db-connection-pool", third_party_pool)


def greenlets_pool():
    from django_db_geventpool.backends.postgresql_psycopg3.base import PostgresConnectionPool

    plain = PostgresConnectionPool()
    sized = PostgresConnectionPool(MAX_CONNS=7, sslmode="require")
    return {
        "MAX_CONNS": plain.maxsize,
        "sized": sized.maxsize,
        "kept": sized.pool.maxsize,
        "to the driver": sorted(sized.kwargs),
    }


if importlib.util.find_spec("django_db_geventpool"):
    measure("django_db_geventpool", greenlets_pool)
