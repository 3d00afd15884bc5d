"""Embeddings that lie in memory, as a training outside leaves them, into a table.

    copy_back.py by=text|binary z=FILE.npy table=NAME

The table (node bigint, embedding real[], stddev real[]) is made here. Both arrays
are z. text: as one writes it with psycopg2's COPY; binary: COPY's binary format,
laid out by NumPy.
"""
import io
import pathlib
import sys
import time

from common import arguments, report

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
given = arguments()
import numpy as np
import psycopg2

from generate import write_copy

BATCH = 10000   # rows of text that wait in memory


class Text(io.RawIOBase):
    """Lines for COPY, made as they are read."""
    def __init__(self, z):
        self.z, self.next, self.rest = z, 0, b""

    def readable(self):
        return True

    def read(self, size=-1):
        if not self.rest and self.next < len(self.z):
            lines = []
            for node, row in enumerate(self.z[self.next:self.next + BATCH].tolist(), self.next):
                array = "{" + ",".join(map(repr, row)) + "}"
                lines.append(f"{node}\t{array}\t{array}\n")
            self.next += BATCH
            self.rest = "".join(lines).encode()
        part, self.rest = self.rest[:size], self.rest[size:]
        return part


def main():
    z = np.load(given["z"])
    begin = time.perf_counter()
    with psycopg2.connect("") as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {given['table']} (node bigint, embedding real[], stddev real[])")
        copy = f"COPY {given['table']} FROM STDIN"
        if given["by"] == "text":
            cursor.copy_expert(copy, Text(z), 1 << 20)
        else:
            buffer = io.BytesIO()
            write_copy(buffer, (z, z))
            buffer.seek(0)
            cursor.copy_expert(copy + " (FORMAT binary)", buffer, 1 << 20)
    report(loop=time.perf_counter() - begin)


main()
