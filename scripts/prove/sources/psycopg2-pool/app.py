import os

from psycopg2.pool import PoolError, ThreadedConnectionPool

pool = ThreadedConnectionPool(1, 5, os.environ["DATABASE_URL"])


def application(environ, start_response):
    if environ["PATH_INFO"] != "/ready":
        try:
            connection = pool.getconn()
        except PoolError:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"full"]
        try:
            with connection.cursor() as cursor:
                cursor.execute(os.environ["PROVE_SQL"])
        finally:
            pool.putconn(connection)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
