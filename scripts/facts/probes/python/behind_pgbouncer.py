"""Python drivers behind PgBouncer in transaction mode: all clients share one server connection, so that a statement
or a setting that one leaves there meets the next."""

import asyncio
import os
import subprocess
import sys

import asyncpg
import psycopg
import psycopg2
from measure import ASKS, DATABASE, measure, outcome, record, versions

versions("asyncpg", "psycopg", "psycopg2-binary", "sqlalchemy")
POOLER = int(os.environ["POOLPROOF_POOLER_PORT"])
URL = f"postgresql://postgres@127.0.0.1:{POOLER}/{DATABASE}"
TURNS = 8


def settings():
    connection = psycopg2.connect(host="127.0.0.1", port=POOLER, user="postgres", dbname="pgbouncer")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SHOW CONFIG")
        rows = cursor.fetchall()
    connection.close()
    return rows


rows = settings()
record("settings", sorted(row[0] for row in rows))
record("defaults", {row[0]: row[2] for row in rows if row[0] in ASKS["defaults"]})
record("reloadable", {row[0]: row[3] == "yes" for row in rows if row[0] in ASKS["defaults"]})


def turns(connect, execute):
    """Two clients that take turns, each with the same statement again and again."""

    def work():
        clients = [connect(), connect()]
        try:
            for _ in range(TURNS):
                for client in clients:
                    execute(client)
        finally:
            for client in clients:
                client.close()

    return "ok" if outcome(work) == "ok" else "fails"


def psycopg_with(**options):
    def execute(connection):
        with connection.transaction():
            connection.execute("SELECT %s::int", [1])

    return turns(lambda: psycopg.connect(URL, **options), execute)


def psycopg2_plain():
    def execute(connection):
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT %s::int", [1])

    return turns(lambda: psycopg2.connect(URL), execute)


measure("psycopg2", psycopg2_plain)
measure("psycopg", psycopg_with)
measure("psycopg prepare_threshold=None", psycopg_with, prepare_threshold=None)
measure("psycopg prepare_threshold=0", psycopg_with, prepare_threshold=0)


def two_processes(client, *arguments):
    """asyncpg numbers its statements per process: a second process meets the names that the first has left."""
    with psycopg2.connect(URL) as connection, connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    command = [sys.executable, os.path.join(os.path.dirname(__file__), "asyncpg_client.py"), URL, client, *arguments]
    ended = [subprocess.run(command, capture_output=True, timeout=30).returncode for _ in range(2)]
    return {"first": "ok" if ended[0] == 0 else "fails", "second": "ok" if ended[1] == 0 else "fails"}


measure("asyncpg", two_processes, "fetch")
measure("asyncpg statement_cache_size=0", two_processes, "fetch", "no cache")
measure("asyncpg statement_cache_size=0 and prepare()", two_processes, "prepare", "no cache")
measure("SQLAlchemy with asyncpg", two_processes, "sqlalchemy")
measure("SQLAlchemy ?prepared_statement_cache_size=0", two_processes, "sqlalchemy no cache of its own")
measure("SQLAlchemy statement_cache_size=0", two_processes, "sqlalchemy", "no cache")


def startup(name):
    async def connect():
        value = {"datestyle": "ISO", "client_encoding": "UTF8", "timezone": "UTC"}.get(name.lower(), "1")
        value = {"standard_conforming_strings": "on", "intervalstyle": "postgres"}.get(name.lower(), value)
        connection = await asyncpg.connect(URL, server_settings={name: value}, timeout=5)
        await connection.close()

    return outcome(lambda: asyncio.run(connect()))


for name in ASKS["startup"]:
    record(f"startup parameter {name}", "accepted" if startup(name) == "ok" else "refused")
record("options in the connection string", outcome(psycopg2.connect, URL, options="-c statement_timeout=1000"))


def next_client_sees(statement, question):
    """What another client finds after one has said something outside a transaction and gone."""
    for sql in [statement, question]:
        connection = psycopg2.connect(URL)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            found = cursor.fetchone()[0] if cursor.description else None
        connection.close()
    return found


measure("SET is met by the next client", next_client_sees, "SET lock_timeout = 4321", "SHOW lock_timeout")
mine = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
locks = f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND {mine}"
measure("an advisory lock outlives its client", next_client_sees, "SELECT pg_advisory_lock(5)", locks)
measure(
    "a temporary table outlives its client",
    next_client_sees,
    "CREATE TEMP TABLE t (x int)",
    "SELECT count(*) FROM pg_class WHERE relname = 't'",
)
