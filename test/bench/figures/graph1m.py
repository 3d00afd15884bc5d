"""A synthetic graph of 1 M nodes and 10 M edges, 128 dense features: an epoch, and memory."""
from figures.sampled import ours, torch
from table import amount, faster, limited, size


def million(bench):
    """Its nodes, edges and directory; the figures of reading and output use it, too."""
    nodes, edges = bench.pick((1_000_000, 10_000_000), (50_000, 500_000))
    return nodes, edges, bench.graph("graph1m", nodes, edges)


def figure(bench):
    nodes, edges, graph = million(bench)
    kinds = {kind: torch(bench, graph, kind, bench.pick(4, 3)) for kind in ("autograd", "chunked")}
    tuned, chunked = bench.alternate(
        lambda: ours(bench, "graph1m"),
        *(lambda k=k: bench.fastest("vgae_sampled.py", k, "epoch") for k in kinds.values()))
    peaks = {kind: size(bench.peer_peak("vgae_sampled.py", **dict(chosen[0], epochs=2)))
             for kind, chosen in kinds.items()}
    memory = bench.with_small_buffers(lambda: bench.server.total_memory(
        "SELECT length(vgae_train('graph1m_edges', nodes => 'graph1m_nodes', negatives => 1, epochs => 2))"))
    what = f"{nodes:,} nodes, {edges:,} edges, 128 features, sampled: "
    bound = bench.limits.sampled_epoch(nodes, edges, 128, 32, 16)
    return [
        limited(faster(what + "an epoch", tuned, "torch, tuned", at_least=15), bound, tuned.ours),
        faster(what + "an epoch", chunked, "torch, tuned, gradient by hand in chunks"),
        amount(what + "peak memory", memory, at_most=3e9, form=size,
               peer=f"{peaks['autograd']} (torch, tuned), {peaks['chunked']} (in chunks)"),
    ]
