import os

from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE_URL"], pool_timeout=60)


def application(environ, start_response):
    if environ["PATH_INFO"] != "/ready":
        with engine.connect() as connection:
            connection.execute(text(os.environ["PROVE_SQL"]))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
