"""VGAE with PyTorch Geometric's own classes, used as its autoencoder example uses them.

    vgae_pyg.py data=CORA_DIRECTORY|graph=DIRECTORY epochs=E threads=T [model=vgae|gae]

Every epoch samples as many non-edges as there are edges (recon_loss). Unlike the
example, nothing is tested between the epochs: that time is not counted.
"""
import time

from common import arguments, auc, report_epochs, torch_ready
from graph_data import load_cora

given = arguments()
torch = torch_ready(given["threads"])
import numpy as np
import torch_geometric.transforms as T
from torch_geometric.data import Data
from torch_geometric.nn import GAE, VGAE, GCNConv

LATENT, LEARNING_RATE = 16, 0.01


class Encoder(torch.nn.Module):
    def __init__(self, features, variational):
        super().__init__()
        self.hidden = GCNConv(features, 2 * LATENT)
        self.heads = torch.nn.ModuleList(
            GCNConv(2 * LATENT, LATENT) for _ in range(2 if variational else 1))

    def forward(self, x, edge_index):
        h = self.hidden(x, edge_index).relu()
        z = tuple(head(h, edge_index) for head in self.heads)
        return z if len(z) > 1 else z[0]


def load():
    if "data" in given:
        nodes, edges, ones, features = load_cora(given["data"])
        x = torch.zeros(nodes, features)
        x[ones[:, 0], ones[:, 1]] = 1
    else:
        edges = np.load(given["graph"] + "/edges.npy")
        x = torch.from_numpy(np.load(given["graph"] + "/nodes.npy"))
    index = torch.from_numpy(np.concatenate((edges, edges[:, ::-1])).T.astype(np.int64).copy())
    data = Data(x=x, edge_index=index)
    if "data" in given:
        data = T.NormalizeFeatures()(data)
    return T.RandomLinkSplit(num_val=0.05, num_test=0.1, is_undirected=True, split_labels=True,
                             add_negative_train_samples=False)(data)


def main():
    train, _, test = load()
    variational = given.get("model", "vgae") == "vgae"
    model = (VGAE if variational else GAE)(Encoder(train.num_features, variational))
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE)
    losses, seconds = [], []
    for _ in range(given["epochs"]):
        begin = time.perf_counter()
        model.train()
        optimizer.zero_grad()
        z = model.encode(train.x, train.edge_index)
        loss = model.recon_loss(z, train.pos_edge_label_index)
        if variational:
            loss = loss + model.kl_loss() / train.num_nodes
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - begin)
    model.eval()
    with torch.no_grad():
        z = model.encode(test.x, test.edge_index)
        positive = model.decode(z, test.pos_edge_label_index).numpy()
        negative = model.decode(z, test.neg_edge_label_index).numpy()
    report_epochs(seconds, first_loss=losses[0], last_loss=losses[-1], auc=auc(positive, negative))


main()
