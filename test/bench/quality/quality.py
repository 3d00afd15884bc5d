#!/usr/bin/env python3
"""How well links are predicted: recipes and heuristics, on graphs of several kinds.

    quality.py                      the table of docs/quality.md (an hour on two cores)
    quality.py --choosing           the same on other splits, for choosing a recipe
    quality.py --graph Cora --recipe "best links" ...

Of each graph a tenth of the edges is kept back, ten times at random (seeds 1 to 10;
for choosing 101 to 105), and compared with as many random pairs that are no edges.
The rest is all that vgae_train sees; it holds out a twentieth of the edges to
validate. AUC, average precision and Hits@10 are those of vgae_evaluate, in %; hits
of ten is how many of ten suggestions for a node come true, over the nodes with edges
that were kept back. Figures are means and standard deviations; "–" is where a method
knows nothing of the pairs, or gives no suggestions. Nothing here is timed.
"""
import argparse
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from graphs import all_graphs   # noqa: E402 (found by way of the line above)
from recipes import RECIPES     # noqa: E402
from server import Server       # noqa: E402

TEST_SHARE = 0.1
VALIDATION_SHARE = 0.05
HEURISTICS = {"common_neighbours": "common neighbours", "adamic_adar": "Adamic–Adar",
             "preferential_attachment": "preferential attachment",
             "untrained_encoder": "the untrained encoder"}


def copy(server, table, columns, rows):
    text = "\n".join("\t".join(map(str, row)) for row in rows) + "\n"
    subprocess.run(**server.psql(f"DROP TABLE IF EXISTS {table}", f"CREATE TABLE {table} ({columns})",
                                 f"COPY {table} FROM STDIN"), input=text, text=True, check=True)


def split(graph, seed):
    """Edges to train on, edges kept back, and as many random pairs that are no edges."""
    rng = random.Random(seed)
    edges = list(graph["edges"])
    known = set(edges)
    rng.shuffle(edges)
    test = int(len(edges) * TEST_SHARE)
    non_edges = set()
    while len(non_edges) < test:
        a, b = (rng.choice(side) for side in graph["sides"])
        pair = (min(a, b), max(a, b))
        if a != b and pair not in known:
            non_edges.add(pair)
    return edges[test:], edges[:test], sorted(non_edges)


# How many of ten suggestions come true; %s gives them as (node, partner).
HITS_OF_TEN = """
    WITH wanted AS (SELECT src AS node, dst AS partner FROM test_edge UNION SELECT dst, src FROM test_edge),
        suggested AS (%s)
    SELECT (SELECT count(*) FROM suggested JOIN wanted USING (node, partner))::float8 /
        (SELECT count(DISTINCT node) FROM wanted)"""
SUGGESTED = {
    "vgae": """
        SELECT w.node, r.node AS partner
        FROM model, (SELECT DISTINCT node FROM wanted) AS w, vgae_recommend(model, w.node, k => 10) AS r""",
    "adamic_adar": """
        SELECT node, partner FROM (
            SELECT node, partner, row_number() OVER (PARTITION BY node ORDER BY score DESC, partner) AS place
            FROM (SELECT a.node, b.node AS partner, sum(1 / ln(d.degree)) AS score
                FROM neighbour AS a JOIN neighbour AS b USING (other)
                    JOIN (SELECT node AS other, count(*) AS degree FROM neighbour GROUP BY node) AS d USING (other)
                WHERE a.node <> b.node GROUP BY a.node, b.node) AS s
            WHERE NOT EXISTS (SELECT FROM neighbour AS n WHERE (n.node, n.other) = (s.node, s.partner))) AS ranked
        WHERE place <= 10"""}


def hits_of_ten(server, method):
    return float(server.sql(HITS_OF_TEN % SUGGESTED[method])) if method in SUGGESTED else None


def percent(figure):
    """A figure of vgae_evaluate, which is empty where the method knows nothing."""
    return 100 * float(figure) if figure else None


def evaluate(server, graph, seed, recipe):
    """Method to (AUC, average precision, Hits@10, hits of ten), each None where there is none."""
    arguments = [f"seed => {seed}", "nodes => 'SELECT id FROM node'",
                 f"validation_fraction => {VALIDATION_SHARE / (1 - TEST_SHARE)}"]
    if graph["features"]:
        arguments.append("features => 'feature'")
    if recipe:
        arguments.append(recipe)
    server.sql("DROP TABLE IF EXISTS model, neighbour")
    server.sql(f"CREATE TABLE model AS SELECT vgae_train('edge', {', '.join(arguments)}) AS model")
    server.sql("CREATE TABLE neighbour AS SELECT src AS node, dst AS other FROM edge UNION SELECT dst, src FROM edge")
    lines = server.sql("SELECT method, auc, average_precision, hits_at_10 FROM model, "
                       "vgae_evaluate(model, 'test_edge', 'test_non_edge')").splitlines()
    return {method: (*map(percent, figures), hits_of_ten(server, method))
            for method, *figures in (line.split("|") for line in lines)}


def summary(values):
    if None in values:
        return "–"
    spread = f" ± {statistics.stdev(values):.2f}" if len(values) > 1 else ""
    return f"{statistics.mean(values):.2f}{spread}"


def study(server, name, graph, seeds, recipes):
    """Rows (graph, method, AUC, AP, Hits@10, hits of ten)."""
    found = {}
    copy(server, "node", "id int", [(node,) for node in graph["nodes"]])
    if graph["features"]:
        copy(server, "feature", "node int, feature int", graph["features"])
    for seed in seeds:
        for table, pairs in zip(("edge", "test_edge", "test_non_edge"), split(graph, seed)):
            copy(server, table, "src int, dst int", pairs)
        for recipe, arguments in recipes.items():
            for method, figures in evaluate(server, graph, seed, arguments).items():
                if method == "vgae":
                    found.setdefault(recipe, []).append(figures)
                elif recipe == next(iter(recipes)):
                    found.setdefault(HEURISTICS[method], []).append(figures)
        print(f"   {name}: split {seed}", file=sys.stderr, flush=True)
    return [(name, method, *(summary(column) for column in zip(*figures)))
            for method, figures in sorted(found.items(), key=lambda f: f[0] not in recipes)]


def arguments():
    graphs = [name for name, _ in all_graphs(pathlib.Path())]
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--choosing", action="store_true", help="other splits, for choosing")
    parser.add_argument("--splits", type=int, help="10; for choosing, 5")
    parser.add_argument("--graph", action="append", choices=graphs)
    parser.add_argument("--recipe", action="append", choices=list(RECIPES))
    parser.add_argument("--arguments", help="arguments of vgae_train in place of the recipes")
    parser.add_argument("--pg-config", default="pg_config", help="the PostgreSQL with the extension")
    return parser.parse_args()


def main():
    given = arguments()
    data = pathlib.Path(os.environ.get("VGAE_DATA", HERE.parents[2] / "shared/data")) / "cora"
    first = 101 if given.choosing else 1
    seeds = range(first, first + (given.splits or (5 if given.choosing else 10)))
    recipes = {r: a for r, a in RECIPES.items() if given.recipe is None or r in given.recipe}
    if given.arguments is not None:
        recipes = {given.arguments: given.arguments}
    bindir = subprocess.run([given.pg_config, "--bindir"], check=True, text=True,
                            stdout=subprocess.PIPE).stdout.strip()
    server = Server(bindir, tempfile.gettempdir())
    rows = []
    try:
        server.start("128MB")
        server.sql("CREATE EXTENSION vgae")
        if not data.is_dir():
            print("Cora: skipped, not in VGAE_DATA", file=sys.stderr)
            data = None
        for name, make in all_graphs(data):
            if given.graph is None or name in given.graph:
                rows += study(server, name, make(), seeds, recipes)
    finally:
        server.remove()
    print("| graph | method | AUC, % | AP, % | Hits@10, % | hits of ten |\n|---|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
