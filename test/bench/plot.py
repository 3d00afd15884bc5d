"""Draw the points of scaling.json with the fitted power laws.   plot.py IN.json OUT.svg"""
import json
import sys

import matplotlib
matplotlib.use("svg")
import matplotlib.pyplot as plot
import matplotlib.ticker as ticker
import numpy as np

COLUMNS = 3


def short(number):
    """10000 as 10 k."""
    for unit, name in ((10**6, " M"), (10**3, " k")):
        if number >= unit:
            return f"{number / unit:g}{name}"
    return f"{number:g}"



with open(sys.argv[1]) as file:
    series = json.load(file)
lines = -(-len(series) // COLUMNS)
figure, axes = plot.subplots(lines, COLUMNS, figsize=(4.2 * COLUMNS, 3.4 * lines), squeeze=False)
for axis in axes.flat[len(series):]:
    axis.set_visible(False)
for axis, one in zip(axes.flat, series):
    size, seconds = np.array(one["points"]).T
    level = np.exp(np.mean(np.log(seconds) - one["exponent"] * np.log(size)))
    axis.loglog(size, seconds, "o")
    axis.loglog(size, level * size ** one["exponent"], "--",
                label=f"∝ {one['what']}^{one['exponent']:.2f}")
    axis.set_xticks(size, [short(value) for value in size])
    axis.xaxis.set_minor_locator(ticker.NullLocator())
    axis.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
    axis.yaxis.set_major_formatter(ticker.FormatStrFormatter("%g"))
    axis.yaxis.set_minor_formatter(ticker.NullFormatter())
    axis.set(title=one["title"], xlabel=one["what"], ylabel="seconds an epoch")
    axis.title.set_fontsize(9)
    axis.legend()
    axis.grid(True, which="both", alpha=0.3)
figure.tight_layout()
figure.savefig(sys.argv[2])
