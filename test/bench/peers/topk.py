"""Exact top-k inner products over all pairs of embeddings.

    topk.py by=faiss|numpy want=pairs|each k=K z=FILE.npy edges=FILE.npy threads=T [out=FILE.npy]

pairs  the k best pairs of the whole graph; each: the k best partners of every node
faiss  IndexFlatIP. It cannot leave out known links: those are taken out of its answer,
       so that fewer may remain than were asked for; that is less work than ours
numpy  blocked matrix products; known links and the diagonal are left out before
loop is the time of the search alone.
"""
import time

from common import arguments, report

given = arguments()
import numpy as np

BLOCK = 512   # nodes


def known_links(edges, nodes):
    """CSR of the known partners of every node, itself among them."""
    loops = np.arange(nodes)
    row = np.concatenate((edges[:, 0], edges[:, 1], loops))
    column = np.concatenate((edges[:, 1], edges[:, 0], loops))
    order = np.argsort(row, kind="stable")
    return np.concatenate(([0], np.cumsum(np.bincount(row, minlength=nodes)))), column[order]


def blocks(z, known):
    """(first node, its block's scores against all nodes, with the known ones at -inf)"""
    offset, column = known
    for first in range(0, len(z), BLOCK):
        x = z[first:first + BLOCK] @ z.T
        last = min(first + BLOCK, len(z))
        row = np.repeat(np.arange(last - first), np.diff(offset[first:last + 1]))
        x[row, column[offset[first]:offset[last]]] = -np.inf
        yield first, x


def best(score, pair, k):
    if len(score) > k:
        keep = np.argpartition(-score, k - 1)[:k]
        score, pair = score[keep], pair[keep]
    return score, pair


def numpy_pairs(z, known, k):
    score, pair = np.empty(0, np.float32), np.empty((0, 2), np.int64)
    for first, x in blocks(z, known):
        worst = score.min() if len(score) == k else -np.inf
        if len(score) < k:   # at the start: a threshold from the first block itself
            worst = np.partition(x[:, first:].ravel(), -4 * k)[-4 * k]
        row, column = np.nonzero(x[:, first:] >= worst)
        upper = column > row
        row, column = row[upper], column[upper]
        score, pair = best(np.concatenate((score, x[row, column + first])),
                           np.concatenate((pair, np.stack((row, column), 1) + first)), k)
    return score, pair


def numpy_each(z, known, k):
    partner = np.empty((len(z), k), np.int64)
    for first, x in blocks(z, known):
        partner[first:first + BLOCK] = np.argpartition(x, len(z) - k, axis=1)[:, -k:]
    src = np.repeat(np.arange(len(z)), k)
    return np.einsum("ij,ij->i", z[src], z[partner.ravel()]), np.stack((src, partner.ravel()), 1)


def faiss_best(z, known, k, want):
    import faiss
    faiss.omp_set_num_threads(given["threads"])
    index = faiss.IndexFlatIP(z.shape[1])
    index.add(z)
    score, partner = index.search(z, k + 1)   # one more: a node finds itself
    src = np.repeat(np.arange(len(z)), k + 1)
    score, pair = score.ravel(), np.stack((src, partner.ravel()), 1)
    if want == "pairs":
        score, pair = best(score[pair[:, 0] < pair[:, 1]], pair[pair[:, 0] < pair[:, 1]], 4 * k)
    offset, column = known
    taken = np.array([d in column[offset[s]:offset[s + 1]] for s, d in pair]) \
        if want == "pairs" else pair[:, 0] == pair[:, 1]
    score, pair = score[~taken], pair[~taken]
    return best(score, pair, k) if want == "pairs" else (score, pair)


def main():
    z = np.ascontiguousarray(np.load(given["z"]), np.float32)
    known = known_links(np.load(given["edges"]), len(z))
    begin = time.perf_counter()
    if given["by"] == "faiss":
        score, pair = faiss_best(z, known, given["k"], given["want"])
    else:
        score, pair = (numpy_pairs if given["want"] == "pairs" else numpy_each)(z, known, given["k"])
    loop = time.perf_counter() - begin
    if "out" in given:
        np.savez(given["out"], score=score, pair=pair)
    report(loop=loop, found=len(score), first=float(score.max()))


main()
