"""FastAPI: when a dependency with `yield` ends, beside the moments at which a streamed response is sent."""

import asyncio
import inspect

from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.responses import StreamingResponse
from measure import measure, record, versions

versions("fastapi", "starlette")
HAS_SCOPE = "scope" in inspect.signature(Depends).parameters
record("Depends has scope", HAS_SCOPE)


def order(**options):
    """What happens in which order: the dependency ends, the body is sent, the background task runs."""
    events = []

    async def session():
        yield "session"
        events.append("dependency ends")

    app = FastAPI()

    @app.get("/")
    async def stream(background: BackgroundTasks, given=Depends(session, **options)):
        async def body():
            for _ in range(2):
                yield "x"

        background.add_task(lambda: events.append("background task"))
        return StreamingResponse(body())

    async def send(message):
        if message["type"] == "http.response.body" and message.get("body"):
            events.append("body")

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"", "root_path": ""}
    scope |= {"asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "client": ("127.0.0.1", 1)}
    asyncio.run(asyncio.wait_for(app(scope, request_of(), send), 10))
    return [event for index, event in enumerate(events) if index == 0 or events[index - 1] != event]


def request_of():
    sent = False

    async def receive():
        nonlocal sent
        if sent:
            await asyncio.sleep(60)
        sent = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive


measure("a dependency of a streamed response", order)
if HAS_SCOPE:
    measure('scope="function"', order, scope="function")
