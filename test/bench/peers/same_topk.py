"""Are these the best links?   same_topk.py OURS.npy BRUTE_FORCE.npz Z.npy

OURS has rows (src, dst, score). Where scores are equal but for rounding, either
choice is right: every link of ours that the brute force has not must score as
much as the last that it has.
"""
import sys

import numpy as np

TOLERANCE = 1e-5   # of scores, relative to the largest

ours, brute, z = np.load(sys.argv[1]), np.load(sys.argv[2]), np.load(sys.argv[3]).astype(np.float64)


def exact(pair):
    return np.einsum("ij,ij->i", z[pair[:, 0]], z[pair[:, 1]])


def groups(pair):
    """The scores by source, where every source has its own list; else all in one."""
    return pair[:, 0] if len(np.unique(brute["pair"][:, 0])) == len(z) else np.zeros(len(pair), int)


pair = ours[:, :2].astype(np.int64)
margin = TOLERANCE * np.abs(brute["score"]).max()
worst = {}
for group, score in zip(groups(brute["pair"]), exact(brute["pair"])):
    worst[group] = min(score, worst.get(group, np.inf))
wrong_score = np.abs(exact(pair) - ours[:, 2]) > margin
too_low = np.array([s < worst[g] - margin for g, s in zip(groups(pair), exact(pair))])
known = {tuple(sorted(p)) for p in brute["pair"]}
other = sum(tuple(sorted(p)) not in known for p in pair)
same = len(pair) == len(brute["pair"]) and not wrong_score.any() and not too_low.any()
print(f"{len(pair)} links, {other} others than the brute force's, "
      f"{'all as good' if same else f'{wrong_score.sum()} wrong scores, {too_low.sum()} too low'}")
sys.exit(not same)
