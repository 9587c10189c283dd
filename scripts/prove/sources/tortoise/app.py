import os

from tortoise import Tortoise, connections

config = {
    "connections": {
        "default": {
            "engine": "tortoise.backends.asyncpg",
            "credentials": {
                "host": os.environ["PGHOST"],
                "port": os.environ["PGPORT"],
                "user": os.environ["PGUSER"],
                "password": None,
                "database": os.environ["PGDATABASE"],
            },
        }
    },
    "apps": {"models": {"models": ["models"], "default_connection": "default"}},
}


async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        await Tortoise.init(config=config, _enable_global_fallback=True)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["path"] != "/ready":
        await connections.get("default").execute_query(os.environ["PROVE_SQL"])
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})
