"""Synthetic data, the same for us and for the peers.

    generate.py graph DIRECTORY --nodes N --edges M --features K [--seed S]
    generate.py rows  DIRECTORY --nodes N --features K [--seed S]
    generate.py copy  FILE.npy            write it to stdout in COPY's binary format

A graph has heavy-tailed degrees, communities, and dense features that tell
something of a node's community; its node numbers say nothing. It is kept as
edges.npy (int32, M x 2: each undirected edge once) and nodes.npy (float32, N x K).
Rows lie near a surface of few dimensions, with values between 0 and 1.
"""
import argparse
import pathlib
import sys

import numpy as np

COMMUNITY_SIZE = 500     # nodes of a community, on average
INSIDE = 0.8             # share of the edges that stay within one
DEGREE_EXPONENT = 2.5    # of the power law that degrees follow
ROWS_DIMENSIONS = 16     # of the surface that rows lie near
COPY_ROWS = 1 << 16      # rows turned into COPY's format at a time


def graph_edges(rng, nodes, edges, community):
    """Distinct undirected edges; community[] must be sorted."""
    popularity = (1 - rng.random(nodes)) ** (-1 / (DEGREE_EXPONENT - 1))
    popularity = np.minimum(popularity, np.sqrt(nodes))
    total = np.concatenate(([0], np.cumsum(popularity)))
    first = np.searchsorted(community, np.arange(community[-1] + 2))
    keys = np.empty(0, np.int64)
    while len(keys) < edges:
        count = int(1.3 * (edges - len(keys))) + 100
        src = np.searchsorted(total, rng.random(count) * total[-1], side="right") - 1
        inside = rng.random(count) < INSIDE
        low = np.where(inside, total[first[community[src]]], 0)
        high = np.where(inside, total[first[community[src] + 1]], total[-1])
        dst = np.searchsorted(total, low + rng.random(count) * (high - low), side="right") - 1
        low, high = np.minimum(src, dst), np.maximum(src, dst)
        new = low[low != high] * nodes + high[low != high]
        keys = np.unique(np.concatenate((keys, new)))
    keys = rng.permutation(keys)[:edges]
    return np.stack((keys // nodes, keys % nodes), axis=1)


def make_graph(directory, nodes, edges, features, seed):
    rng = np.random.default_rng(seed)
    communities = max(8, nodes // COMMUNITY_SIZE)
    community = np.sort(rng.integers(0, communities, nodes))
    community = np.unique(community, return_inverse=True)[1]
    pairs = graph_edges(rng, nodes, edges, community)
    number = rng.permutation(nodes)
    np.save(directory / "edges.npy", number[pairs].astype(np.int32))
    if features > 0:
        centre = rng.standard_normal((community[-1] + 1, features), dtype=np.float32)
        values = rng.standard_normal((nodes, features), dtype=np.float32)
        values[number] = values[number] + centre[community]
        np.save(directory / "nodes.npy", values)


def make_rows(directory, nodes, features, seed):
    rng = np.random.default_rng(seed)
    latent = rng.standard_normal((nodes, ROWS_DIMENSIONS), dtype=np.float32)
    values = latent @ rng.standard_normal((ROWS_DIMENSIONS, features), dtype=np.float32)
    values += rng.standard_normal(values.shape, dtype=np.float32)
    np.save(directory / "nodes.npy", 1 / (1 + np.exp(-values)))


def copy_edges(values):
    """Rows (src bigint, dst bigint)."""
    row = np.dtype([("fields", ">i2"), ("length1", ">i4"), ("src", ">i8"),
                    ("length2", ">i4"), ("dst", ">i8")])
    out = np.empty(len(values), row)
    out["fields"], out["length1"], out["length2"] = 2, 8, 8
    out["src"], out["dst"] = values[:, 0], values[:, 1]
    return out


def array_type(width):
    """A real[] of that width, with the length in front."""
    return np.dtype([("length", ">i4"), ("dimensions", ">i4"), ("nulls", ">i4"),
                     ("type", ">i4"), ("width", ">i4"), ("lower", ">i4"),
                     ("element", [("length", ">i4"), ("value", ">f4")], (width,))])


def fill_array(out, values):
    width = values.shape[1]
    out["length"], out["dimensions"], out["nulls"] = 20 + 8 * width, 1, 0
    out["type"], out["width"], out["lower"] = 700, width, 1
    out["element"]["length"], out["element"]["value"] = 4, values


def copy_nodes(values, first):
    """Rows (id bigint, x real[], further arrays of equal width ...)."""
    arrays = values if isinstance(values, tuple) else (values,)
    row = np.dtype([("fields", ">i2"), ("id_length", ">i4"), ("id", ">i8")] +
                   [(f"array{i}", array_type(a.shape[1])) for i, a in enumerate(arrays)])
    out = np.empty(len(arrays[0]), row)
    out["fields"], out["id_length"] = 1 + len(arrays), 8
    out["id"] = np.arange(first, first + len(out))
    for i, a in enumerate(arrays):
        fill_array(out[f"array{i}"], a)
    return out


def write_copy(stream, values):
    """values: edges (integers), or one or more (a tuple) arrays of nodes."""
    stream.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
    arrays = values if isinstance(values, tuple) else (values,)
    for first in range(0, len(arrays[0]), COPY_ROWS):
        part = tuple(np.asarray(a[first:first + COPY_ROWS]) for a in arrays)
        edges = np.issubdtype(part[0].dtype, np.integer)
        stream.write((copy_edges(part[0]) if edges else copy_nodes(part, first)).tobytes())
    stream.write(b"\xff\xff")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["graph", "rows", "copy"])
    parser.add_argument("path", type=pathlib.Path)
    parser.add_argument("--nodes", type=int)
    parser.add_argument("--edges", type=int)
    parser.add_argument("--features", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    if given.what == "copy":
        write_copy(sys.stdout.buffer, np.load(given.path, mmap_mode="r"))
        return
    given.path.mkdir(parents=True, exist_ok=True)
    if given.what == "graph":
        make_graph(given.path, given.nodes, given.edges, given.features, given.seed)
    else:
        make_rows(given.path, given.nodes, given.features, given.seed)


if __name__ == "__main__":
    main()
