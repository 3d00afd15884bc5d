"""Runs the blocks of Python in the files named, one after another as one program, and
checks what they leave behind; prints TAP without numbers. For 022_python.pl."""

import contextlib
import io
import os
import signal
import sys
import threading
import time
import uuid

results = {}
printed = io.StringIO()
for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as block:
        source = block.read()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, name, "exec"), results)


def check(what, passed):
    print("ok" if passed else "not ok", "-", what)


connection, numpy, psycopg = results["connection"], results["numpy"], results["psycopg"]


def ask(query, *parameters, **options):
    return connection.execute(query, parameters, **options).fetchone()


# Parameters, and what was trained by them
arguments = ask("SELECT vgae_info(model) -> 'arguments' FROM models WHERE name = 'from python'")[0]
check("named arguments take parameters, bigint and arrays among them",
      (arguments["hidden_dims"], arguments["learning_rate"], arguments["seed"]) == ([32], 0.02, 2**40))

# Embeddings
matrix, frame = results["matrix"], results["frame"]
check("embeddings are a matrix of float32", matrix.dtype == numpy.float32 and matrix.shape == (1500, 16))
check("and a data frame by node", frame.shape == (1500, 16) and frame.index.name == "node" and frame.index.is_unique)
text_row = ask("SELECT vgae_embedding(%s, 42)::text", results["model"])[0]
check("with the values that the server has",
      numpy.array_equal(frame.loc[42], numpy.array(text_row.strip("{}").split(","), dtype="f4")))
score = ask("SELECT vgae_link_score(%s, 42, 17)", results["model"])[0]
check("whose inner products are the scores",
      abs(frame.loc[42] @ frame.loc[17] - score) < 1e-4 and results["pair_score"] == score)

# Models
check("a model is bytes", isinstance(results["model"], bytes))
check("and is stored again as it was",
      ask("SELECT count(*) FROM models WHERE name = 'from a file' AND model = %s", results["model"]) == (1,))
check("in text format, too", ask("SELECT %t::bytea", results["model"])[0] == results["model"])

# Keys
check("text keys in", len(results["partners"]) == 5 and all(isinstance(node, str) for node, _ in results["partners"]))
check("text keys out", len(results["links"]) == 5 and all(isinstance(key, str) for link in results["links"] for key in link))
big = 2**40
connection.execute("CREATE TEMP TABLE big AS SELECT %s + src AS src, %s + dst AS dst FROM citations", [big, big])
big_model = ask("SELECT vgae_train('big', epochs => 5)", binary=True)[0]
check("bigint keys", [row[0] > big for row in connection.execute(
    "SELECT node FROM vgae_recommend(%s, %s, k => 3)", [big_model, big + 42])] == [True] * 3)
keys = [uuid.UUID(int=number) for number in range(5)]
connection.execute("CREATE TEMP TABLE ring (src uuid, dst uuid)")
with connection.cursor() as cursor:
    cursor.executemany("INSERT INTO ring VALUES (%s, %s)", list(zip(keys, keys[1:] + keys[:1])))
uuid_model = ask("SELECT vgae_train('ring', epochs => 5)")[0]
check("uuid keys", ask("SELECT node FROM vgae_recommend(%s, %s, 1)", uuid_model, keys[0])[0] in keys)
check("an unknown key is None", ask("SELECT vgae_embedding(%s, %s)", results["model"], 4711) == (None,))

# Cursors, errors, cancels
check("a server-side cursor gives all rows", results["count"] == 15000)
check("errors have a SQLSTATE, a detail and a hint",
      results["problem"][0] == "22023" and "hidden_dims" in results["problem"][1] and all(results["problem"]))
check("cancel() ends a training", results["cancelled"] and ask("SELECT 1") == (1,))
printed.truncate(0)
started = time.monotonic()


def interrupt_once_it_tells():
    while "training: epoch " not in printed.getvalue() and time.monotonic() - started < 60:
        time.sleep(0.1)
    os.kill(os.getpid(), signal.SIGINT)


threading.Thread(target=interrupt_once_it_tells).start()
try:
    with contextlib.redirect_stdout(printed):
        connection.execute("SELECT vgae_train('citations', epochs => 10000000)")
    interrupted = False
except KeyboardInterrupt:
    interrupted = True
check("so does Ctrl-C", interrupted)
check("also on the server", ask("SELECT count(*) FROM vgae_progress") == (0,))
check("progress is shown meanwhile", "training: epoch " in printed.getvalue())

# vgae_train_into
with psycopg.connect("dbname=graphs") as other:
    try:
        other.execute("CALL vgae_train_into('models', 'in a transaction', 'citations')")
        state = None
    except psycopg.Error as error:
        state = error.sqlstate
check("vgae_train_into without autocommit", state == "2D000")
check("and with it", ask("SELECT count(*) FROM models WHERE name IN ('papers', 'from sqlalchemy') AND trained_at > %s",
                         ask("SELECT trained_at FROM models WHERE name = 'from a file'")[0]) == (2,))

# SQLAlchemy and pandas
suggestions, history = results["suggestions"], results["history"]
expected = connection.execute("""
    SELECT p.title, r.probability FROM models m, vgae_recommend(m.model, 42, 5) r, papers p
    WHERE m.name = 'papers' AND p.id = r.node ORDER BY 2 DESC""").fetchall()
check("a query of SQLAlchemy in pandas",
      sorted(suggestions.itertuples(index=False, name=None), key=lambda row: -row[1]) == expected)
check("the history as a data frame", history.index.max() == 200 and history["loss"].notna().all())
check("a data frame as edges", ask("SELECT (vgae_info(model) ->> 'edges')::int FROM models WHERE name = 'from pandas'") == (4,))

# psycopg2, as the document says
import psycopg2
import psycopg2.extras

psycopg2.extensions.set_wait_callback(psycopg2.extras.wait_select)
old = psycopg2.connect("dbname=graphs")
with old.cursor() as cursor:
    cursor.execute("SELECT vgae_link_score(%s, %s, %s)", [results["model"], 42, 17])
    check("psycopg2 gives the same", cursor.fetchone() == (score,))
    threading.Timer(1, os.kill, [os.getpid(), signal.SIGINT]).start()
    try:
        cursor.execute("SELECT vgae_train('citations', epochs => 10000000)")
        interrupted = False
    except (KeyboardInterrupt, psycopg2.errors.QueryCanceled):
        interrupted = True
    check("Ctrl-C ends a training of psycopg2", interrupted and ask("SELECT count(*) FROM vgae_progress") == (0,))
