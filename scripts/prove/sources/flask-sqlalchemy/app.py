import os

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text

application = Flask(__name__)
application.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
application.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_size": 3, "max_overflow": 2, "pool_timeout": 60}
db = SQLAlchemy(application)


@application.get("/ready")
def ready():
    return "ok"


@application.get("/")
def query():
    db.session.execute(text(os.environ["PROVE_SQL"]))
    return "ok"
