"""Rows (integer, array) of a query into FILE.npy, a row each, sorted by the integer.

    fetch.py query=SQL out=FILE.npy [key=keep]

The integer becomes the first column where key=keep.
"""
from common import arguments, report

given = arguments()
import numpy as np
import psycopg2

with psycopg2.connect("") as connection, connection.cursor("rows") as cursor:
    cursor.itersize = 10000
    cursor.execute(given["query"])
    rows = sorted((key, *array) for key, array in cursor)
keep = given.get("key") == "keep"
values = np.array(rows, np.float64)[:, 0 if keep else 1:]
np.save(given["out"], values if keep else values.astype(np.float32))
report(rows=len(rows))
