import os

from psycopg_pool import ConnectionPool

pool = ConnectionPool(os.environ["DATABASE_URL"], min_size=2, max_size=6, timeout=60, open=True)


def application(environ, start_response):
    if environ["PATH_INFO"] != "/ready":
        with pool.connection() as connection:
            connection.execute(os.environ["PROVE_SQL"])
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
