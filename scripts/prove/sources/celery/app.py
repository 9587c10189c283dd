import os

from celery import Celery
from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE_URL"], pool_timeout=60)
folder = os.environ["BROKER_FOLDER"]
application = Celery("app", broker="filesystem://")
application.conf.broker_transport_options = {"data_folder_in": folder, "data_folder_out": folder}


@application.task
def query():
    with engine.connect() as connection:
        connection.execute(text(os.environ["PROVE_SQL"]))
