"""The shop's API, served by Gunicorn: `gunicorn app.main:app --workers 4`."""

from datetime import date

from flask import Flask, abort, jsonify, request
from sqlalchemy import select

from .db import Session
from .models import Product
from .reporting import revenue_between

app = Flask(__name__)


@app.get("/products")
def products():
    with Session() as session:
        rows = session.scalars(select(Product).order_by(Product.name))
        return jsonify([{"id": row.id, "name": row.name, "cents": row.cents} for row in rows])


@app.get("/products/<int:product_id>")
def product(product_id: int):
    with Session() as session:
        row = session.get(Product, product_id)
        if row is None:
            abort(404)
        return jsonify({"id": row.id, "name": row.name, "cents": row.cents})


@app.get("/revenue")
def revenue():
    first = date.fromisoformat(request.args["first"])
    last = date.fromisoformat(request.args["last"])
    return jsonify(revenue_between(first, last))
