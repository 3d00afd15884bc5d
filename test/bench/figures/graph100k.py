"""A synthetic graph of 100 k nodes and 1 M edges, a non-edge for every edge: an epoch."""
from figures.sampled import ours, torch
from table import faster, limited

SIZES = {"full": (100_000, 1_000_000), "quick": (10_000, 100_000)}


def figure(bench):
    nodes, edges = SIZES["quick" if bench.quick else "full"]
    graph = bench.graph("graph100k", nodes, edges)
    epochs = bench.pick(6, 3)
    kinds = [torch(bench, graph, kind, epochs) for kind in ("autograd", "chunked")]
    literal = bench.tuned("vgae_pyg.py", key="epoch", trial={"epochs": 2}, graph=graph,
                          epochs=bench.pick(4, 3))
    tuned, chunked, pyg = bench.alternate(
        lambda: ours(bench, "graph100k"),
        *(lambda k=k: bench.fastest("vgae_sampled.py", k, "epoch") for k in kinds),
        lambda: bench.fastest("vgae_pyg.py", literal, "epoch"))
    what = f"{nodes:,} nodes, {edges:,} edges, 128 features, sampled: an epoch"
    bound = bench.limits.sampled_epoch(nodes, edges, 128, 32, 16)
    return [
        limited(faster(what, tuned, "torch, tuned", at_least=8), bound, tuned.ours),
        faster(what, chunked, "torch, tuned, gradient by hand in chunks"),
        faster(what, pyg, "PyG's example", at_least=40),
    ]
