"""What the figures of large graphs share."""
EPOCHS = 10   # beyond the first, over which our time is taken


def ours(bench, name):
    return bench.epoch(f"'{name}_edges', nodes => '{name}_nodes', negatives => 1", EPOCHS)


def torch(bench, graph, loss, epochs):
    """The faster setting of torch with that loss."""
    return bench.tuned("vgae_sampled.py", key="epoch", trial={"epochs": 3},
                       graph=graph, loss=loss, epochs=epochs)
