"""Graphs for the peers: edges, features, and the normalised adjacency."""
import pathlib

import numpy as np


def load_cora(directory):
    """(nodes, edges M x 2 once each, rows and columns of X's ones, columns of X)"""
    directory = pathlib.Path(directory)
    edges = np.loadtxt(directory / "edges.csv", np.int64, delimiter=",", skiprows=1)
    edges = np.unique(np.sort(edges[edges[:, 0] != edges[:, 1]], axis=1), axis=0)
    words = np.loadtxt(directory / "features.csv", np.int64, delimiter=",", skiprows=1)
    nodes = int(np.loadtxt(directory / "labels.csv", np.int64, delimiter=",", skiprows=1)[:, 0].max()) + 1
    return nodes, edges, words, int(words[:, 1].max()) + 1


def adjacency(nodes, edges):
    """CSR of A + I: offsets, columns (sorted), and the values of D^-1/2 (A + I) D^-1/2."""
    loops = np.arange(nodes)
    row = np.concatenate((edges[:, 0], edges[:, 1], loops))
    column = np.concatenate((edges[:, 1], edges[:, 0], loops))
    key = np.sort(row.astype(np.int64) * nodes + column)
    row, column = key // nodes, key % nodes
    degree = np.bincount(row, minlength=nodes)
    offset = np.concatenate(([0], np.cumsum(degree)))
    root = 1 / np.sqrt(degree)
    return offset, column, (root[row] * root[column]).astype(np.float32)


def sparse_csr(torch, nodes, edges):
    offset, column, value = adjacency(nodes, edges)
    return torch.sparse_csr_tensor(torch.from_numpy(offset), torch.from_numpy(column),
                                   torch.from_numpy(value), (nodes, nodes))
