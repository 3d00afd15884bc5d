"""Embeddings into a table: ours, and the way back from a training outside."""
from figures.graph1m import million
from table import amount, faster


def figure(bench):
    nodes, _, graph = million(bench)
    bench.server.sql("CREATE TABLE output_model AS SELECT vgae_train('graph1m_edges', nodes => 'graph1m_nodes', "
                     "negatives => 1, epochs => 1) AS model")
    z = graph / "z.npy"
    bench.peer("fetch.py", threads=1, out=z,
               query="SELECT node, embedding FROM output_model, vgae_embeddings(model)")

    def fresh():
        bench.server.sql("DROP TABLE IF EXISTS output_table")

    def ours():
        fresh()
        return bench.server.seconds("CREATE TABLE output_table AS SELECT e.* FROM output_model, "
                                    "vgae_embeddings(model) e")

    def back(by):
        fresh()
        return bench.peer("copy_back.py", threads=1, by=by, z=z, table="output_table")["loop"]
    text, binary = bench.alternate(ours, lambda: back("text"), lambda: back("binary"))
    what = f"{nodes:,} embeddings of 16 with standard deviations into a table"
    return [amount(what, text.ours, at_most=3),
            faster(what, text, "psycopg2, COPY of text"),
            faster(what, binary, "NumPy, COPY of binary laid out by hand")]
