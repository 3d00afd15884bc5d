"""Functions called once a row, with a stored model: what they add to a join."""
from table import Row, seconds, size

CALLS = {
    "vgae_link_score": ("sum(vgae_link_score(model, src, dst))", "sum((src + dst)::float8)"),
    "vgae_link_probability": ("sum(vgae_link_probability(model, src, dst))", "sum((src + dst)::float8)"),
    "vgae_embedding": ("count(vgae_embedding(model, src))", "count(src)"),
}


def figure(bench):
    nodes, edges, pairs = bench.pick((60_000, 300_000, 1_000_000), (6_000, 30_000, 100_000))
    bench.graph("scoring", nodes, edges)
    bench.server.sql(
        "CREATE TABLE scoring_model AS SELECT 1 AS id, vgae_train('scoring_edges', "
        "nodes => 'scoring_nodes', negatives => 1, epochs => 5) AS model",
        f"CREATE TABLE scoring_pairs AS SELECT (hashint8(g) & 2147483647)::bigint % {nodes} AS src, "
        f"(hashint8(-g) & 2147483647)::bigint % {nodes} AS dst FROM generate_series(1, {pairs}) g",
        "VACUUM ANALYZE scoring_pairs", "VACUUM ANALYZE scoring_model")
    stored = size(float(bench.server.sql("SELECT length(model) FROM scoring_model")))
    rows = []
    for name, expressions in CALLS.items():
        def run(expression):
            return bench.server.seconds(
                f"SELECT {expression} FROM scoring_pairs, scoring_model WHERE id = 1")
        pair = bench.alternate(*(lambda e=e: run(e) for e in expressions))
        rows.append(Row(f"{name}, {pairs:,} rows joined, stored model of {stored}", seconds(pair.ours),
                        f"{seconds(pair.peer)} (the query without it)", f"{seconds(pair.difference)} more",
                        "≤ 1 s more", pair.difference <= 1))
    return rows
