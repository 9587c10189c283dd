import os

import asyncpg

pool = None


async def application(scope, receive, send):
    global pool
    if scope["type"] == "lifespan":
        await receive()
        pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=7)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        pool.terminate()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["path"] != "/ready":
        await pool.fetch(os.environ["PROVE_SQL"])
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})
