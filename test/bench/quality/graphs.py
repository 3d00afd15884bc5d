"""
The graphs of the study: Cora, and synthetic ones of other kinds.

A graph is a dict: edges, a list of (src, dst), each undirected pair once; nodes, a
list of ids; sides, the nodes that an edge may have at one end and at the other; features, a
list of (node, feature), or None.
"""
import csv
import random
from collections import defaultdict


def read_csv(path):
    with open(path, newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return [tuple(map(int, row)) for row in rows]


def cora(directory, featureless=False):
    edges = {(min(s, d), max(s, d)) for s, d in read_csv(directory / "edges.csv") if s != d}
    nodes = [node for node, _ in read_csv(directory / "labels.csv")]
    return {"edges": sorted(edges), "nodes": nodes, "sides": (nodes, nodes),
            "features": None if featureless else read_csv(directory / "features.csv")}


def popularity(rng, count, exponent):
    """Weights with a heavy tail, cut off where a node would meet all others."""
    return [min((1 - rng.random()) ** (-1 / (exponent - 1)), count ** 0.5) for _ in range(count)]


def draw_edges(rng, count, sources, target_of):
    """Draws count different pairs of a source and what target_of(source) draws for it."""
    edges = set()
    while len(edges) < count:
        src = sources()
        dst = target_of(src)
        if src != dst:
            edges.add((min(src, dst), max(src, dst)))
    return sorted(edges)


def communities(seed, nodes, edges, groups, words, own_words, noise):
    """
    A degree-corrected block model: four of five edges stay within a community. A node
    has own_words words of its community and noise words of all (features: none for 0
    of both).
    """
    rng = random.Random(seed)
    weight = popularity(rng, nodes, 2.5)
    group = [rng.randrange(groups) for _ in range(nodes)]
    members = defaultdict(list)
    for node in range(nodes):
        members[group[node]].append(node)
    inside = {g: [weight[m] for m in members[g]] for g in members}
    everyone = range(nodes)

    def target(src):
        if rng.random() < 0.8:
            return rng.choices(members[group[src]], inside[group[src]])[0]
        return rng.choices(everyone, weight)[0]
    pairs = draw_edges(rng, edges, lambda: rng.choices(everyone, weight)[0], target)

    features = set()
    for node in range(nodes):
        own = group[node] * (words // groups)
        features |= {(node, own + rng.randrange(words // groups)) for _ in range(own_words)}
        features |= {(node, rng.randrange(words)) for _ in range(noise)}
    return {"edges": pairs, "nodes": everyone, "sides": (everyone, everyone),
            "features": sorted(features) or None}


def purchases(seed, customers, products, edges, tastes):
    """
    Two kinds of nodes: customers, then products. A customer has two tastes, and buys
    popular products of theirs, or now and then any.
    """
    rng = random.Random(seed)
    weight = popularity(rng, products, 2.2)
    kind = [rng.randrange(tastes) for _ in range(products)]
    of_kind = [[p for p in range(products) if kind[p] == t] for t in range(tastes)]
    inside = [[weight[p] for p in of_kind[t]] for t in range(tastes)]
    taste = [rng.sample(range(tastes), 2) for _ in range(customers)]
    appetite = popularity(rng, customers, 3)

    def product(customer):
        if rng.random() < 0.85:
            t = rng.choice(taste[customer])
            return customers + rng.choices(of_kind[t], inside[t])[0]
        return customers + rng.choices(range(products), weight)[0]
    pairs = draw_edges(rng, edges, lambda: rng.choices(range(customers), appetite)[0], product)
    nodes = range(customers + products)
    return {"edges": pairs, "nodes": nodes, "sides": (nodes[:customers], nodes[customers:]),
            "features": None}


def all_graphs(data):
    """Name and graph, made when its turn comes; Cora only where it is present."""
    if data is not None:
        yield "Cora", lambda: cora(data)
        yield "Cora without features", lambda: cora(data, featureless=True)
    yield "heavy tail", lambda: communities(1, 3000, 12000, 12, 600, 12, 12)
    yield "weak features", lambda: communities(2, 3000, 12000, 12, 600, 1, 20)
    yield "no features", lambda: communities(3, 3000, 12000, 12, 600, 0, 0)
    yield "bipartite", lambda: purchases(4, 2000, 600, 12000, 12)
