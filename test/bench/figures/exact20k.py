"""20 k nodes, all pairs exactly: memory that grows with the nodes, not with the pairs."""
from table import amount, faster, limited, size

EPOCHS = 5


def figure(bench):
    nodes, edges = bench.pick((20_000, 100_000), (3_000, 15_000))
    graph = bench.graph("exact20k", nodes, edges)
    train = "'exact20k_edges', nodes => 'exact20k_nodes', negatives => 'Infinity'"
    memory = bench.with_small_buffers(lambda: bench.server.memory(
        f"SELECT length(vgae_train({train}, epochs => 2))"))
    chosen = [bench.tuned("vgae_dense.py", key="epoch", trial={"epochs": 2}, graph=graph, loss=loss, epochs=3)
              for loss in ("optimised", "blocked")]
    optimised, blocked = bench.alternate(
        lambda: bench.epoch(train, EPOCHS),
        *(lambda c=c: bench.fastest("vgae_dense.py", c, "epoch") for c in chosen))
    peak = size(bench.peer_peak("vgae_dense.py", **dict(chosen[0][0], epochs=2)))
    what = f"{nodes:,} nodes, all pairs exactly: "
    return [
        amount(what + "peak memory above that of the backend before, inputs included", memory,
               at_most=200e6, form=size,
               peer=f"{peak} (torch, optimised by hand; whole process)"),
        limited(faster(what + "an epoch", optimised, "torch, optimised by hand"),
                bench.limits.fused(nodes, 16), optimised.ours),
        faster(what + "an epoch", blocked, "torch, optimised and in bands that stay in cache"),
    ]
