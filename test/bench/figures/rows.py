"""AE and VAE on dense rows: an epoch, against torch and the rate of matrix products."""
from table import Row, faster, percent, rate

FEATURES, HIDDEN, LATENT, EPOCHS = 784, 512, 32, 5


def flops(rows, variational):
    """Of an epoch: forward, and back to weights and to inputs, though not to X."""
    first, heads = FEATURES * HIDDEN, HIDDEN * LATENT * (2 if variational else 1)
    decoder = LATENT * HIDDEN + HIDDEN * FEATURES
    return 2 * rows * (2 * first + 3 * (heads + decoder))


def figure(bench):
    rows = bench.pick(60_000, 6_000)
    data = bench.row_data("rows60k", rows, FEATURES)
    batch = min(1024, max(128, rows // 128))   # as ours chooses
    table = []
    for model in ("ae", "vae"):
        train = (f"nodes => 'rows60k_nodes', model => '{model}', hidden_dims => '{{{HIDDEN}}}', "
                 f"latent_dim => {LATENT}, batch_size => {batch}, validation_fraction => 0")
        torch = bench.tuned("rows.py", key="epoch", trial={"epochs": 2}, data=data, model=model,
                            hidden=HIDDEN, latent=LATENT, batch=batch, epochs=EPOCHS)
        pair = bench.alternate(lambda: bench.epoch(train, EPOCHS),
                               lambda: bench.fastest("rows.py", torch, "epoch"))
        what = f"{model.upper()}, {rows:,} × {FEATURES} rows, hidden {HIDDEN}, latent {LATENT}: "
        work = flops(rows, model == "vae") / pair.ours
        share = work / bench.limits.sgemm()
        table += [
            faster(what + "an epoch", pair, "torch, tuned", at_least=1),
            Row(what + "rate", rate(work), goal="≥ 60 % of the limit", met=share >= 0.6,
                limit=rate(bench.limits.sgemm()), share=percent(share)),
        ]
    return table
