import os

from playhouse.pool import PooledPostgresqlDatabase

database = PooledPostgresqlDatabase(
    os.environ["PGDATABASE"],
    host=os.environ["PGHOST"],
    port=int(os.environ["PGPORT"]),
    user=os.environ["PGUSER"],
    max_connections=6,
    timeout=60,
)


def application(environ, start_response):
    if environ["PATH_INFO"] != "/ready":
        with database.connection_context():
            database.execute_sql(os.environ["PROVE_SQL"])
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]
