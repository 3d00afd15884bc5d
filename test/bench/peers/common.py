"""What the peers share: their arguments' form, their data, and their report."""
import json
import resource
import sys


def arguments():
    """name=value words of the command line, integers where they look so."""
    given = dict(word.split("=", 1) for word in sys.argv[1:])
    return {name: int(value) if value.lstrip("-").isdigit() else value
            for name, value in given.items()}


def report(**figures):
    """One line of JSON: the figures, and the peak memory of this process in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(dict(figures, peak=peak)), flush=True)


def median(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def report_epochs(seconds, **more):
    """seconds: of each epoch; the first one may warm up."""
    report(loop=sum(seconds), epoch=median(seconds[1:] or seconds), **more)


def torch_ready(threads):
    import torch
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(0)
    return torch


def auc(positive, negative):
    """Area under the ROC curve of two arrays of scores."""
    import numpy as np
    scores = np.concatenate((positive, negative))
    order = np.argsort(scores, kind="stable")
    rank = np.empty(len(scores))
    rank[order] = np.arange(1, len(scores) + 1)
    n, m = len(positive), len(negative)
    return (rank[:n].sum() - n * (n + 1) / 2) / (n * m)
