"""Cora, 200 epochs: all pairs exactly, and sampled non-edges."""
import subprocess

from table import Row, faster, limited, seconds, skipped

NODES, EDGES, LATENT = 2708, 5278, 16

LOAD = """CREATE TABLE cora_edges (src int, dst int);
CREATE TABLE cora_words (node int, feature int)"""


def load(bench):
    bench.server.sql(
        LOAD,
        f"\\copy cora_edges from '{bench.cora}/edges.csv' with (format csv, header)",
        f"\\copy cora_words from '{bench.cora}/features.csv' with (format csv, header)")


def decoder_row(bench):
    """Our decoder alone against the same loop over tiles with nothing else in it."""
    core = bench.root / "src/core"
    program = bench.compile(
        "decoder", ["decoder.c", *sorted(core.glob("*/*.c"))],
        ["-std=gnu11", "-O3", "-fno-math-errno", "-fno-trapping-math", "-D_GNU_SOURCE",
         "-I", bench.root / "src"])

    def ours():
        done = subprocess.run([program, *map(str, (bench.threads, NODES, EDGES, LATENT))], check=True,
                              stdout=subprocess.PIPE, text=True)
        return float(done.stdout)
    taken = bench.median(ours)
    row = Row("Cora, decoder of all pairs alone: loss and gradient", seconds(taken),
              goal="≥ 50 % of the limit")
    limited(row, bench.limits.fused(NODES, LATENT), taken)
    row.met = bench.limits.fused(NODES, LATENT) >= 0.5 * taken
    return row


def figure(bench):
    if not bench.cora.is_dir():
        return [skipped("Cora", "no cora in VGAE_DATA"), decoder_row(bench)]
    load(bench)
    epochs = bench.pick(200, 20)
    data = {"data": bench.cora, "epochs": epochs}
    trial = {"epochs": min(epochs, 30)}

    def train(negatives):
        return bench.server.seconds(
            "SELECT length(vgae_train('cora_edges', features => 'cora_words', "
            f"negatives => {negatives}, epochs => {epochs}))")
    features = [{"x": "sparse"}, {"x": "dense"}]
    kinds = ["written", "optimised", "blocked"]
    chosen = [bench.tuned("vgae_dense.py", features, trial=trial, loss=kind, **data) for kind in kinds]
    dense = bench.alternate(lambda: train("'Infinity'"),
                            *(lambda c=c: bench.fastest("vgae_dense.py", c, "loop") for c in chosen))
    example = bench.tuned("vgae_pyg.py", trial=trial, **data)
    sampled = bench.alternate(lambda: train(1), lambda: bench.fastest("vgae_pyg.py", example, "loop"))
    what = f"Cora, VGAE, {epochs} epochs, "
    return [
        faster(what + "all pairs", dense[0], "torch, loss as usually written", at_least=18),
        faster(what + "all pairs", dense[1], "torch, optimised by hand", at_least=8),
        faster(what + "all pairs", dense[2], "torch, optimised and in bands that stay in cache"),
        decoder_row(bench),
        faster(what + "sampled", sampled, "PyG's example", at_least=25),
    ]
