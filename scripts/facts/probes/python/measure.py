"""What every Python probe shares: one JSON line per measurement, and the server's own count of connections."""

import asyncio
import inspect
import json
import os
import subprocess
import sys
import time
import traceback
import warnings
from importlib import metadata

warnings.simplefilter("ignore")

#: What the facts tables ask this probe about, and the address of the server it may use.
ASKS = json.loads(os.environ.get("POOLPROOF_ASKS", "{}"))
URL = os.environ.get("POOLPROOF_URL", "")
PORT = int(os.environ.get("POOLPROOF_PORT", "0"))
#: The probe's own database on that server.
DATABASE = URL.rpartition("/")[2]

_DEADLINE_SECONDS = 5
_POLLS_THAT_AGREE = 4


def _print(**entry):
    print(json.dumps(entry), flush=True)


def versions(*packages):
    for package in packages:
        try:
            _print(version=package, value=metadata.version(package))
        except metadata.PackageNotFoundError:
            pass


def plain(value):
    """A value as JSON knows it; what JSON does not know becomes its text."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)


def record(key, value):
    _print(key=key, value=plain(value))


def measure(key, function, *arguments, **keywords):
    """Records what the function returns. What it raises is recorded too, and is then a drift: it was not foreseen."""
    try:
        record(key, function(*arguments, **keywords))
    except BaseException as error:  # noqa: BLE001
        traceback.print_exc(file=sys.stderr)
        _print(key=key, error=f"{type(error).__name__}: {error}"[:300])


def outcome(function, *arguments, **keywords):
    """ "ok", or the name of the exception that the call raises."""
    try:
        function(*arguments, **keywords)
        return "ok"
    except Exception as error:  # noqa: BLE001
        return type(error).__name__


async def outcome_async(make, guard_seconds=3.0):
    """The same for a coroutine function; "waits" where it did not end within the guard."""
    try:
        await asyncio.wait_for(asyncio.ensure_future(make()), guard_seconds)
        return "ok"
    except (asyncio.TimeoutError, TimeoutError) as error:
        return "waits" if not error.args and _from_guard(error) else type(error).__name__
    except Exception as error:  # noqa: BLE001
        return type(error).__name__


def _from_guard(error):
    """Whether wait_for itself gave up, and not the code under test."""
    frames = traceback.extract_tb(error.__traceback__)
    return not any("site-packages" in frame.filename or "/.tools/" in frame.filename for frame in frames)


def defaults(function):
    """The parameters of a callable that have a default, with it."""
    return {
        name: plain(parameter.default)
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is not inspect.Parameter.empty
    }


async def pool_stage(create, release, argument, value, **others):
    """At which stage a pool with acquire and release raises TypeError for an argument; "never" where it does not."""
    try:
        pool = await create(**others, **{argument: value})
    except TypeError:
        return "construction"
    try:
        for stage in ["checkout", "reuse"]:
            try:
                connection = await asyncio.wait_for(pool.acquire(), 10)
            except TypeError:
                return stage
            await release(pool, connection)
        return "never"
    finally:
        pool.terminate()
        await pool.wait_closed()


def connections(application_name):
    """How many connections the server itself counts."""
    condition = f"application_name = '{application_name}' AND datname = '{DATABASE}'"
    return int(query(f"SELECT count(*) FROM pg_stat_activity WHERE {condition}"))


def mariadb_connections(_name=None):
    """How many connections MariaDB counts on this probe's own database; all are the probe's."""
    return int(query(f"SELECT count(*) FROM information_schema.processlist WHERE db = '{DATABASE}'"))


def query(sql):
    return subprocess.run(
        [os.environ["POOLPROOF_CLIENT"], *json.loads(os.environ["POOLPROOF_CLIENT_ARGUMENTS"]), sql],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PGAPPNAME": "poolproof-counter"},
    ).stdout.strip()


def settled(application_name, count=connections):
    """The count once several looks in a row agree: closing a connection takes the server a moment."""
    seen = []
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while time.monotonic() < deadline:
        seen.append(count(application_name))
        if len(seen) >= _POLLS_THAT_AGREE and len(set(seen[-_POLLS_THAT_AGREE:])) == 1:
            break
        time.sleep(0.03)
    return seen[-1]


def count_reaches(application_name, wanted, seconds, count=connections):
    """Whether the count becomes the wanted one in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if count(application_name) == wanted:
            return True
        time.sleep(0.05)
    return False


def logged(application_name):
    """The server's log lines of one client, without the prefix."""
    prefix = f"{DATABASE}|{application_name}|"
    with open(os.environ["POOLPROOF_LOG"], encoding="utf-8", errors="replace") as log:
        return [line[len(prefix) :].strip() for line in log if line.startswith(prefix)]
