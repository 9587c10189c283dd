"""Flask-SQLAlchemy 2 and 3, and SQLModel: which settings reach the engines."""

import os
import tempfile

import flask_sqlalchemy
from flask import Flask
from measure import ASKS, DATABASE, PORT, measure, record, versions
from sqlalchemy.pool import NullPool

versions("flask-sqlalchemy", "sqlalchemy", "flask", "sqlmodel")
IS_3 = flask_sqlalchemy.__version__.startswith("3") if hasattr(flask_sqlalchemy, "__version__") else True

POSTGRESQL = f"postgresql+psycopg2://postgres:unused@127.0.0.1:{PORT}/{DATABASE}"
MYSQL = "mysql+pymysql://app:unused@127.0.0.1:3306/app"


def engines(uri=POSTGRESQL, constructor=None, **config):
    """The engines of an application, by bind."""
    app = Flask(__name__, instance_path=tempfile.gettempdir())
    app.config.update(SQLALCHEMY_DATABASE_URI=uri, SQLALCHEMY_TRACK_MODIFICATIONS=False, **config)
    database = flask_sqlalchemy.SQLAlchemy(**(constructor or {}))
    database.init_app(app)
    with app.app_context():
        if IS_3:
            return dict(database.engines)
        binds = [None, *(config.get("SQLALCHEMY_BINDS") or {})]
        return {bind: database.get_engine(app, bind=bind) for bind in binds}


def shape(engine):
    pool = engine.pool
    found = {"class": type(pool).__name__, "recycle": pool._recycle}
    if hasattr(pool, "_max_overflow"):
        found |= {"size": pool.size(), "overflow": pool._max_overflow, "timeout": pool._timeout}
    return found


def default(**options):
    try:
        return shape(engines(**options)[None])
    except TypeError as error:
        return type(error).__name__


measure("defaults", default)
measure("SQLALCHEMY_POOL_SIZE and its kin", default, **ASKS["former"])
measure("SQLALCHEMY_ENGINE_OPTIONS", default, SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 3, "max_overflow": 1})
measure("a text as pool_size", default, SQLALCHEMY_ENGINE_OPTIONS={"pool_size": "4"})


def pre_ping_text():
    options = {"pool_pre_ping": "false"}
    return bool(engines(SQLALCHEMY_ENGINE_OPTIONS=options)[None].pool._pre_ping)


measure('"false" as pool_pre_ping', pre_ping_text)


def binds(**options):
    found = engines(SQLALCHEMY_BINDS={"other": POSTGRESQL}, SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 3}, **options)
    return {
        "default": found[None].pool.size(),
        "other": found["other"].pool.size(),
        "same": found[None] is found["other"],
    }


measure("SQLALCHEMY_ENGINE_OPTIONS and a bind", binds)
measure("engine_options of the constructor and a bind", binds, constructor={"engine_options": {"pool_size": 4}})
measure("MySQL", default, uri=MYSQL)
measure("MariaDB", default, uri=MYSQL.replace("mysql+", "mariadb+", 1))
measure("MySQL with NullPool", default, uri=MYSQL, SQLALCHEMY_ENGINE_OPTIONS={"poolclass": NullPool})
measure("sqlite in memory", lambda: shape(engines(uri="sqlite://")[None])["class"])
measure("sqlite in memory with pool_size", default, uri="sqlite://", SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 2})
file = f"sqlite:///{os.path.join(tempfile.gettempdir(), 'poolproof-flask.db')}"
measure("sqlite in a file", lambda: shape(engines(uri=file)[None])["class"])

if IS_3:
    import sqlalchemy
    import sqlmodel.pool

    record("sqlmodel.create_engine is SQLAlchemy's", sqlmodel.create_engine is sqlalchemy.create_engine)
    record("pool classes of sqlmodel.pool", sorted(name for name in vars(sqlmodel.pool) if name.endswith("Pool")))
