"""VGAE on a large graph in torch alone, tuned: a non-edge sampled for every edge.

    vgae_sampled.py graph=DIRECTORY epochs=E threads=T loss=autograd|chunked

The normalised adjacency is CSR and symmetric, so its own transpose; its product with
the features is constant and computed once.
autograd  scores of all pairs at once, as one writes it
chunked   the gradient by hand, in chunks of pairs that stay in cache
"""
import time

from common import arguments, auc, report_epochs, torch_ready
from graph_data import sparse_csr

given = arguments()
torch = torch_ready(given["threads"])
import numpy as np
import torch.nn.functional as F

HIDDEN, LATENT, LEARNING_RATE = 32, 16, 0.01
CHUNK = 1 << 14   # pairs


class Propagate(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, x):
        ctx.a = a
        return a @ x

    @staticmethod
    def backward(ctx, gradient):
        return None, ctx.a @ gradient


def scores(z, src, dst):
    return (z.index_select(0, src) * z.index_select(0, dst)).sum(1)


def autograd_loss(z, edges, others):
    return F.softplus(-scores(z, *edges)).mean() + F.softplus(scores(z, *others)).mean()


class ChunkedLoss(torch.autograd.Function):
    @staticmethod
    def forward(ctx, z, edges, others):
        gradient = torch.zeros_like(z)
        total = 0.0
        for (src, dst), sign in ((edges, -1.0), (others, 1.0)):
            for s, d in zip(src.split(CHUNK), dst.split(CHUNK)):
                left, right = z.index_select(0, s), z.index_select(0, d)
                x = torch.linalg.vecdot(left, right).mul_(sign)
                total += F.softplus(x).sum().item() / len(src)
                slope = x.sigmoid_().mul_(sign / len(src)).unsqueeze(1)
                gradient.index_add_(0, s, right.mul_(slope))
                gradient.index_add_(0, d, left.mul_(slope))
        ctx.gradient = gradient
        return z.new_tensor(total)

    @staticmethod
    def backward(ctx, gradient):
        return ctx.gradient * gradient, None, None


def main():
    pairs = np.load(given["graph"] + "/edges.npy")
    x = torch.from_numpy(np.load(given["graph"] + "/nodes.npy"))
    nodes, features = x.shape
    a = sparse_csr(torch, nodes, pairs)
    edges = tuple(torch.from_numpy(pairs.T.astype(np.int64).copy()))
    ax = a @ x
    del x
    first = torch.empty(features, HIDDEN)
    second = torch.empty(HIDDEN, 2 * LATENT)
    weights = [torch.nn.init.xavier_uniform_(w).requires_grad_() for w in (first, second)]
    optimizer = torch.optim.Adam(weights, lr=LEARNING_RATE, fused=True)
    reconstruction = ChunkedLoss.apply if given["loss"] == "chunked" else autograd_loss

    losses, seconds = [], []
    for _ in range(given["epochs"]):
        begin = time.perf_counter()
        optimizer.zero_grad()
        h = torch.relu(ax @ weights[0])
        mu, log_std = Propagate.apply(a, h @ weights[1]).split(LATENT, dim=1)
        std = log_std.exp()
        z = torch.addcmul(mu, torch.randn_like(std), std)
        kl = -0.5 / (nodes * nodes) * (1 + 2 * log_std - mu.square() - std.square()).sum()
        others = tuple(torch.randint(nodes, (2, len(pairs))))
        loss = reconstruction(z, edges, others) + kl
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - begin)
    with torch.no_grad():
        some = torch.randint(len(pairs), (10000,))
        positive = scores(mu, edges[0][some], edges[1][some]).numpy()
        negative = scores(mu, *torch.randint(nodes, (2, 10000))).numpy()
    report_epochs(seconds, first_loss=losses[0], last_loss=losses[-1], auc=auc(positive, negative))


main()
