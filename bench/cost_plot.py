"""Draws seconds a round against each of what they grow with, from JSON on stdin: cost_plot.py FILE."""
import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

given = json.load(sys.stdin)
base, measured = given["base"], given["measured"]
LABELS = {"n": "rows", "d": "features", "k": "clusters", "clients": "clients", "threads": "threads"}
plt.rcParams.update({"font.size": 8, "axes.spines.top": False, "axes.spines.right": False})
figure, axes = plt.subplots(1, len(measured), figsize=(9.6, 2.3), sharey=True, constrained_layout=True)
for axis, (name, points) in zip(axes, measured.items()):
    x, y = zip(*points)
    milliseconds = [1000 * value for value in y]
    at = x.index(base[name]) if base[name] in x else 0
    power = -1 if name == "threads" else 0 if name == "clients" else 1
    ideal = [milliseconds[at] * (value / x[at]) ** power for value in x]
    axis.plot(x, ideal, color="#bbb", linewidth=1, linestyle="--")
    axis.plot(x, milliseconds, color="#0072B2", marker="o", markersize=3.5, linewidth=1.2)
    axis.set_xscale("log", base=2 if name != "n" else 10)
    axis.set_yscale("log")
    axis.set_xticks(x if name != "n" else [100_000, 1_000_000])
    axis.set_xticklabels([f"{value:,}" if name != "n" else {100_000: "100k", 1_000_000: "1M"}[value]
                          for value in (x if name != "n" else [100_000, 1_000_000])])
    axis.minorticks_off()
    axis.grid(axis="y", color="#eee")
    axis.set_xlabel(LABELS[name])
axes[0].set_ylabel("ms a round")
axes[0].yaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
figure.savefig(sys.argv[1], dpi=160)
