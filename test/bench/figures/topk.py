"""The best links, exactly: against FAISS's exact index and a brute force in NumPy."""
import subprocess

from table import Row, amount, faster, limited

LATENT = 16
CALLS = {
    "pairs": ("vgae_predict_links", 100, 3),
    "each": ("vgae_recommend_all", 10, 5),
}


def train(bench, name, nodes, edges):
    """A graph, its model in table NAME_model, and the embeddings in a file."""
    graph = bench.graph(name, nodes, edges)
    bench.server.sql(f"CREATE TABLE {name}_model AS SELECT vgae_train('{name}_edges', nodes => '{name}_nodes', "
                     "negatives => 1, epochs => 20) AS model")
    z = graph / "z.npy"
    bench.peer("fetch.py", threads=1, out=z, query=f"SELECT node, embedding FROM {name}_model, vgae_embeddings(model)")
    return {"z": z, "edges": graph / "edges.npy"}


def same_as_brute_force(bench):
    nodes = 5000
    data = train(bench, "topk5k", nodes, 10 * nodes)
    rows = []
    for want, (function, k, _) in CALLS.items():
        found, expected = data["z"].with_name(f"{want}_ours.npy"), data["z"].with_name(f"{want}.npz")
        bench.peer("fetch.py", threads=1, out=found, key="keep",
                   query=f"SELECT src, ARRAY[dst, score] FROM topk5k_model, {function}(model, k => {k})")
        bench.peer("topk.py", by="numpy", want=want, k=k, threads=1, out=expected, **data)
        done = subprocess.run([bench.python, bench.here / "peers/same_topk.py", found, expected, data["z"]],
                              text=True, stdout=subprocess.PIPE)
        rows.append(Row(f"{function}(k => {k}), {nodes:,} nodes: as a brute force finds",
                        done.stdout.strip(), goal="identical", met=done.returncode == 0))
    return rows


def figure(bench):
    nodes, edges = bench.pick((100_000, 1_000_000), (10_000, 100_000))
    data = train(bench, "topk", nodes, edges)
    rows = []
    for want, (function, k, bound) in CALLS.items():
        chosen = [bench.tuned("topk.py", by=by, want=want, k=k, **data) for by in ("faiss", "numpy")]
        faiss, numpy = bench.alternate(
            lambda: bench.server.seconds(f"SELECT count(*) FROM topk_model, {function}(model, k => {k})"),
            *(lambda c=c: bench.fastest("topk.py", c, "loop") for c in chosen))
        what = f"{function}(k => {k}), {nodes:,} nodes, d = {LATENT}"
        # Scores of pairs once, or of all ordered ones, at the rate of products of tiles in cache.
        products = 2 * LATENT * nodes * nodes * (0.5 if want == "pairs" else 1)
        rows += [
            limited(amount(what, faiss.ours, at_most=bound),
                    products / bench.limits.base("sgemm_tile"), faiss.ours),
            faster(what, faiss, "FAISS IndexFlatIP, which keeps known links", at_least=1),
            faster(what, numpy, "NumPy, blocked"),
        ]
    return rows + same_as_brute_force(bench)
