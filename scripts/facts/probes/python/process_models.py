"""Python's servers and workers: how many processes and threads they have where nobody says."""

import contextlib
import inspect
import io
import os
import sys

from measure import ASKS, defaults, measure, versions

versions("gunicorn", "uvicorn", "hypercorn", "granian", "celery", "rq", "dramatiq", "arq", "waitress", "anyio")


def gunicorn():
    from gunicorn import config
    from gunicorn.workers import SUPPORTED_WORKERS

    fresh = config.Config()
    defaults_of = {
        name: fresh.settings[name].default for name in ["workers", "threads", "worker_connections", "preload_app"]
    }
    threaded = config.Config()
    threaded.set("threads", 4)
    names = {name for name in ASKS["gunicornClasses"] if name in SUPPORTED_WORKERS}
    return {
        **defaults_of,
        "sync with threads": threaded.worker_class_str,
        "known classes": sorted(names),
        "classes": sorted(SUPPORTED_WORKERS),
    }


def gunicorn_environment():
    """WEB_CONCURRENCY becomes the default when gunicorn.config is imported."""
    code = "from gunicorn.config import Config; print(Config().workers)"
    return run_python(code, WEB_CONCURRENCY="3")


def run_python(code, **variables):
    import subprocess

    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, **variables}, capture_output=True, text=True)
    return (done.stdout.strip().splitlines() or [done.stderr.strip()[-200:]])[-1]


def uvicorn():
    from uvicorn import Config
    from uvicorn.main import main

    found = {"workers": Config("app:app").workers, "limit_concurrency": Config("app:app").limit_concurrency}
    os.environ["WEB_CONCURRENCY"] = "3"
    found["WEB_CONCURRENCY=3"] = Config("app:app").workers
    found["workers=2 and WEB_CONCURRENCY=3"] = Config("app:app", workers=2).workers
    del os.environ["WEB_CONCURRENCY"]
    context = main.context_settings
    return {
        **found,
        "variables start with": context.get(
            "auto_envvar_prefix",
            "UVICORN" if "auto_envvar_prefix" in inspect.getsource(inspect.getmodule(main.callback)) else None,
        ),
    }


def hypercorn():
    from hypercorn.config import Config

    return {"workers": Config().workers}


def granian():
    from granian.server.common import AbstractServer

    found = defaults(AbstractServer.__init__)
    return {name: found[name] for name in ["workers", "backlog", "backpressure", "blocking_threads"]}


def granian_threads():
    """Blocking threads of a WSGI application, by the server's own arithmetic."""
    import granian

    found = {}
    for workers in [1, 4]:
        server = granian.Granian("app:app", interface="wsgi", workers=workers)
        found[str(workers)] = server.blocking_threads
    return found


def celery():
    from celery import Celery

    app = Celery("poolproof")
    worker = app.WorkController(hostname="poolproof@localhost", loglevel="ERROR")
    return {
        "worker_concurrency": app.conf.worker_concurrency,
        "worker_pool": app.conf.worker_pool,
        "is the CPU count": worker.concurrency == (os.cpu_count() or 2),
        "child process": worker.pool_cls.__module__,
    }


def rq():
    from rq.cli.workers import worker_pool

    return next(option.default for option in worker_pool.params if option.name == "num_workers")


def dramatiq():
    from dramatiq import cli

    parser = cli.make_argument_parser()
    found = {action.dest: action.default for action in parser._actions}
    return {"processes are the CPU count": found["processes"] == os.cpu_count(), "threads": found["threads"]}


def arq():
    from arq.worker import Worker

    return defaults(Worker.__init__)["max_jobs"]


def waitress():
    from waitress.adjustments import Adjustments

    return Adjustments.threads


def anyio():
    import asyncio

    import anyio.to_thread

    async def limit():
        return int(anyio.to_thread.current_default_thread_limiter().total_tokens)

    return asyncio.run(limit())


PROBES = [
    gunicorn,
    gunicorn_environment,
    uvicorn,
    hypercorn,
    granian,
    granian_threads,
    celery,
    rq,
    dramatiq,
    arq,
    waitress,
    anyio,
]
for probe in PROBES:
    with contextlib.redirect_stderr(io.StringIO()):
        measure(probe.__name__, probe)
