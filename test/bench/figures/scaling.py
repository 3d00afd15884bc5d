"""How the time of an epoch grows: fitted exponents, and a plot of the points."""
import json
import math
import subprocess

from table import Row, seconds

ENOUGH = 1.0   # seconds that the epochs of a measurement take together


def epoch(bench, arguments):
    """Over as many epochs as it takes to tell them from the rest of the call."""
    estimate = max(bench.epoch(arguments, 5), 1e-4)
    epochs = max(5, min(500, int(bench.pick(ENOUGH, ENOUGH / 4) / estimate)))
    return bench.median(lambda: bench.epoch(arguments, epochs))


def exponent(points):
    """The slope of log time over log size: the whole, and of the upper half."""
    def slope(part):
        x, y = zip(*((math.log(a), math.log(b)) for a, b in part))
        mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
        return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y)) / sum((a - mean_x) ** 2 for a in x)
    return slope(points), slope(points[len(points) // 2 - (len(points) < 4):])


def on_graph(bench, nodes, edges, rest):
    name = f"scaling_{nodes}_{edges}"
    bench.graph(name, nodes, edges, 64)
    taken = epoch(bench, f"'{name}_edges', nodes => '{name}_nodes', {rest}")
    return name, taken


def series(bench):
    """(title, what varies, points (size, seconds))"""
    thousand = bench.pick(1000, 100)

    def over(sizes, graph, rest):
        points = []
        for value in sizes:
            name, taken = on_graph(bench, *graph(value), rest(value))
            points.append((value, taken))
            if graph(value) != graph(sizes[0]) or value == sizes[-1]:
                bench.forget(name)
        return points
    sampled = "negatives => 1"
    yield "sampled, 10 edges a node", "nodes", over(
        [n * thousand for n in (10, 20, 50, 100, 200, 500)], lambda n: (n, 10 * n), lambda n: sampled)
    yield f"sampled, {100 * thousand:,} nodes", "edges", over(
        [m * thousand for m in (250, 500, 1000, 2000, 4000)], lambda m: (100 * thousand, m), lambda m: sampled)
    yield "all pairs, 5 edges a node", "nodes", over(
        [n * thousand // 10 for n in (25, 50, 100, 200)], lambda n: (n, 5 * n),
        lambda n: "negatives => 'Infinity'")
    fixed = (100 * thousand, 1000 * thousand)
    yield f"sampled, {fixed[0]:,} nodes, {fixed[1]:,} edges", "latent_dim", over(
        [8, 16, 32, 64, 128], lambda d: fixed, lambda d: f"{sampled}, latent_dim => {d}")
    yield f"sampled, {fixed[0]:,} nodes, {fixed[1]:,} edges", "hidden units", over(
        [16, 32, 64, 128, 256], lambda h: fixed, lambda h: f"{sampled}, hidden_dims => '{{{h}}}'")


def figure(bench):
    rows, plotted = [], []
    for title, what, points in series(bench):
        whole, upper = exponent(points)
        rows.append(Row(f"Growth of an epoch with {what} ({title}), {points[0][0]:,} to {points[-1][0]:,}",
                        f"{seconds(points[0][1])} to {seconds(points[-1][1])}",
                        ratio=f"{what}^{whole:.2f}; upper half ^{upper:.2f}"))
        plotted.append({"title": title, "what": what, "points": points, "exponent": whole})
    bench.results.mkdir(exist_ok=True)
    data = bench.results / "scaling.json"
    data.write_text(json.dumps(plotted, indent=1))
    subprocess.run([bench.python, bench.here / "plot.py", data, bench.results / "scaling.svg"], check=True)
    return rows
