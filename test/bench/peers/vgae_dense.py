"""VGAE with the loss of all pairs in torch, as Kipf & Welling have it.

    vgae_dense.py loss=written|optimised|blocked data=DIRECTORY epochs=E threads=T x=sparse|dense
    vgae_dense.py loss=... graph=DIRECTORY ...            a synthetic graph instead of Cora

written    binary_cross_entropy_with_logits with pos_weight on n x n logits and labels
optimised  one n x n buffer, reused: the gradient by hand, labels only where edges are
blocked    the same by bands of rows that stay in cache
"""
import time

from common import arguments, auc, report_epochs, torch_ready
from graph_data import load_cora, sparse_csr

given = arguments()
torch = torch_ready(given["threads"])
import numpy as np
import torch.nn.functional as F

HIDDEN, LATENT, LEARNING_RATE = 32, 16, 0.01
BAND = 256   # rows of a band of n x n logits


def load():
    if "data" in given:
        nodes, edges, ones, features = load_cora(given["data"])
        x = torch.sparse_coo_tensor(torch.from_numpy(ones.T.copy()), torch.ones(len(ones)),
                                    (nodes, features)).coalesce()
        return nodes, edges, x.to_dense() if given["x"] == "dense" else x.to_sparse_csr()
    edges = np.load(given["graph"] + "/edges.npy")
    x = torch.from_numpy(np.load(given["graph"] + "/nodes.npy"))
    return len(x), edges, x


class Propagate(torch.autograd.Function):
    """A symmetric sparse matrix times a dense one."""
    @staticmethod
    def forward(ctx, a, x):
        ctx.a = a
        return a @ x

    @staticmethod
    def backward(ctx, gradient):
        return None, ctx.a @ gradient


class Features(torch.autograd.Function):
    """X times the weights, with the transposed X at hand."""
    @staticmethod
    def forward(ctx, x, x_transposed, weight):
        ctx.x_transposed = x_transposed
        return x @ weight

    @staticmethod
    def backward(ctx, gradient):
        return None, None, ctx.x_transposed @ gradient


class PairLoss(torch.autograd.Function):
    """norm / n² · Σ softplus(x) over all pairs, with the edges and the diagonal put right."""
    @staticmethod
    def forward(ctx, z, pairs):
        scale, pos_weight = pairs.scale, pairs.pos_weight
        gradient = torch.empty_like(z)
        total = 0.0
        for first in range(0, len(z), pairs.band):
            x = pairs.buffer[:min(pairs.band, len(z) - first)]
            torch.mm(z[first:first + pairs.band], z.T, out=x)
            total += F.softplus(x).sum().item() if pairs.spare is None else \
                softplus_sum(x, pairs.spare[:len(x)])
            torch.mm(x.sigmoid_(), z, out=gradient[first:first + pairs.band])
        # Of a target: pos_weight · softplus(-x) for softplus(x), whose slopes add to 1.
        x = (z[pairs.row] * z[pairs.column]).sum(1)
        slope = (pos_weight - 1) * x.sigmoid() - pos_weight
        total += (pos_weight * F.softplus(-x) - F.softplus(x)).sum().item()
        targets = torch.sparse_csr_tensor(pairs.offset, pairs.column, slope, (len(z), len(z)))
        gradient += targets @ z
        ctx.gradient = gradient.mul_(2 * scale)
        return z.new_tensor(total * scale)

    @staticmethod
    def backward(ctx, gradient):
        return ctx.gradient * gradient, None


def softplus_sum(x, spare):
    """Σ max(x, 0) + log1p(exp(-|x|)), in place."""
    torch.abs(x, out=spare)
    total = (x.sum().item() + spare.sum().item()) / 2
    return total + spare.neg_().exp_().log1p_().sum().item()


class Pairs:
    def __init__(self, a, band):
        nodes = a.shape[0]
        self.offset, self.column = a.crow_indices(), a.col_indices()
        self.row = torch.repeat_interleave(torch.arange(nodes), self.offset.diff())
        ones = len(self.column)
        self.pos_weight = (nodes * nodes - ones) / ones
        self.scale = 0.5 / (nodes * nodes - ones)
        self.band = band
        self.buffer = torch.empty(band, nodes)
        self.spare = torch.empty(band, nodes)


def main():
    nodes, edges, x = load()
    a = sparse_csr(torch, nodes, edges)
    weights = [torch.empty(*shape).uniform_(-bound, bound).requires_grad_()
               for shape, bound in (((x.shape[1], HIDDEN), (6 / (x.shape[1] + HIDDEN)) ** 0.5),
                                    ((HIDDEN, 2 * LATENT), (6 / (HIDDEN + LATENT)) ** 0.5))]
    optimizer = torch.optim.Adam(weights, lr=LEARNING_RATE, fused=given["loss"] != "written")
    if given["loss"] == "written":
        label = torch.zeros(nodes, nodes)
        label[torch.repeat_interleave(torch.arange(nodes), a.crow_indices().diff()), a.col_indices()] = 1
        pos_weight = (nodes * nodes - label.sum()) / label.sum()
        norm = nodes * nodes / (2 * (nodes * nodes - label.sum()))

        def reconstruction(z):
            return norm * F.binary_cross_entropy_with_logits(z @ z.T, label, pos_weight=pos_weight)

        def encode():
            h = torch.relu(torch.sparse.mm(a, x @ weights[0] if x.layout == torch.strided
                                           else torch.sparse.mm(x, weights[0])))
            return torch.sparse.mm(a, h @ weights[1])
    else:
        pairs = Pairs(a, nodes if given["loss"] == "optimised" else BAND)
        ax = a @ x                                 # constant
        sparse = ax.layout != torch.strided
        transposed = ax.to_dense().T.to_sparse_csr() if sparse else None

        def reconstruction(z):
            return PairLoss.apply(z, pairs)

        def encode():
            h = torch.relu(Features.apply(ax, transposed, weights[0]) if sparse else ax @ weights[0])
            return Propagate.apply(a, h @ weights[1])

    losses, seconds = [], []
    for _ in range(given["epochs"]):
        begin = time.perf_counter()
        optimizer.zero_grad()
        mu, log_std = encode().split(LATENT, dim=1)
        std = log_std.exp()
        z = mu + torch.randn_like(std) * std
        kl = -0.5 / (nodes * nodes) * (1 + 2 * log_std - mu * mu - std * std).sum()
        loss = reconstruction(z) + kl
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - begin)
    report_epochs(seconds, first_loss=losses[0], last_loss=losses[-1],
                  auc=fit(mu.detach().numpy(), edges, nodes))


def fit(mu, edges, nodes):
    """AUC of the training edges against random pairs: does it learn?"""
    random = np.random.default_rng(0).integers(0, nodes, (len(edges), 2))
    def score(pairs):
        return np.einsum("ij,ij->i", mu[pairs[:, 0]], mu[pairs[:, 1]])
    return auc(score(edges), score(random))


main()
