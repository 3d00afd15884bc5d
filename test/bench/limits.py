"""Physical limits of this machine, measured when first asked for."""
import json
import os
import subprocess

GOOD_CORES = {"Haswell", "Zen", "SkylakeX", "Cooperlake", "Sapphirerapids"}


class Limits:
    def __init__(self, bench):
        self.bench = bench
        self.program = bench.compile("limits", ["limits.c"],
                                     ["-O3", "-march=native", "-ffast-math"])
        self.known = {}
        self.core_type = self.better_core()

    def better_core(self):
        """An OpenBLAS older than the processor takes it for another, slow one."""
        core = self.run(1, None)["core"]
        with open("/proc/cpuinfo") as file:
            flags = set(file.read().split())
        if core in GOOD_CORES:
            return None
        return "SkylakeX" if "avx512dq" in flags else "Haswell" if "avx2" in flags else None

    def run(self, threads, core_type, *extra):
        environment = dict(os.environ, OPENBLAS_NUM_THREADS="1")
        if core_type is not None:
            environment["OPENBLAS_CORETYPE"] = core_type
        done = subprocess.run([self.program, str(threads), *map(str, extra)], check=True,
                              env=environment, stdout=subprocess.PIPE, text=True)
        return json.loads(done.stdout)

    def measure(self, threads, *extra):
        key = (threads, *extra)
        if key not in self.known:
            found = self.run(threads, self.core_type, *extra)
            if not extra:
                other = self.bench.peer("sgemm.py", threads=threads)
                found["sgemm_others"] = {name: other[name] for name in ("torch", "numpy")}
            self.known[key] = found
        return self.known[key]

    def base(self, name):
        """The better of one thread and all of them, once measured."""
        return max(self.measure(t)[name] for t in {1, self.bench.threads})

    def sgemm(self):
        """The best rate of a large product that any library reaches."""
        rates = [self.base("sgemm")]
        for t in {1, self.bench.threads}:
            rates += self.measure(t)["sgemm_others"].values()
        return max(rates)

    def either(self, choose, *extra):
        """What one thread or all of them reach, whichever is better."""
        name = " ".join(map(str, extra))
        return choose(self.measure(t, *extra)[name] for t in {1, self.bench.threads})

    def gather(self, row_bytes, rows):
        """Rows a second that come from random places."""
        return self.either(max, "gather", row_bytes, rows)

    def fused(self, nodes, width):
        """Seconds of the loss of all pairs and its gradient, fused in tiles."""
        return self.either(min, "fused", nodes, width)

    def sampled_epoch(self, nodes, edges, features, hidden, latent):
        """
        Lower bound of an epoch with a non-edge for every edge, Â·X being kept: the
        products with the weights, Â·X streamed twice, and the rows gathered: of the
        second layer forward and back (both heads), of the latents at the edges and the
        non-edges, for the gradient at either end.
        """
        heads = 2 * latent
        flops = nodes * (2 * 2 * features * hidden + 3 * 2 * hidden * heads)
        propagated = 2 * (2 * edges + nodes) / self.gather(4 * heads, nodes)
        pairs = 2 * 2 * edges / self.gather(4 * latent, nodes)
        streamed = 2 * 4 * nodes * features / self.base("triad")
        return flops / self.sgemm() + streamed + propagated + pairs

    def markdown(self):
        """The rates that were measured, as a table."""
        lines = ["| limit | 1 thread | %d threads |" % self.bench.threads, "|---|---|---|"]
        one, all_ = self.measure(1), self.measure(self.bench.threads)
        for name, text, unit in (("sgemm", "sgemm 2048³, OpenBLAS, GFLOP/s", 1e9),
                                 ("sgemm_tile", "sgemm 256×256×16 in cache, GFLOP/s", 1e9),
                                 ("triad", "triad, GB/s", 1e9),
                                 ("elements", "softplus and sigmoid, G elements/s", 1e9)):
            lines.append(f"| {text} | {one[name] / unit:.3g} | {all_[name] / unit:.3g} |")
        for name in ("torch", "numpy"):
            lines.append(f"| sgemm 2048³, {name}, GFLOP/s | {one['sgemm_others'][name] / 1e9:.3g} "
                         f"| {all_['sgemm_others'][name] / 1e9:.3g} |")
        for key, found in self.known.items():
            if key[1:2] == ("gather",) and key[0] == self.bench.threads:
                lines.append(f"| gathers of {key[2]}-byte rows from {key[2] * key[3] / 1e6:.0f} MB, "
                             f"M rows/s | | {found[f'gather {key[2]} {key[3]}'] / 1e6:.0f} |")
        return "\n".join(lines)
