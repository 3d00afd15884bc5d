"""Draw the points of scaling.json with the fitted power laws.   plot.py IN.json OUT.svg"""
import json
import sys

import matplotlib
matplotlib.use("svg")
import matplotlib.pyplot as plot
import numpy as np

COLUMNS = 3

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
    axis.set(title=one["title"], xlabel=one["what"], ylabel="seconds an epoch")
    axis.title.set_fontsize(9)
    axis.legend()
    axis.grid(True, which="both", alpha=0.3)
figure.tight_layout()
figure.savefig(sys.argv[2])
