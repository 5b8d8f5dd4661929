"""The three pictures of each round, as a careful matplotlib script draws them: one figure, reused; PNG files.

Usage: viz_matplotlib.py EXPERIMENT_DIR FRAMES_DIR
"""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

directory, frames = map(pathlib.Path, sys.argv[1:])
frames.mkdir(parents=True, exist_ok=True)
summary = json.loads((directory / "experiment_summary.json").read_text())
names = [client["name"] for client in summary["clients"]]
rows = [np.load(directory / f"client_data/client_{name}.npy") for name in names]
colours = plt.get_cmap("tab10").colors
markers = "osD^vP*Xhp"
n_rounds = len(list((directory / "global_means").glob("*_metadata.json")))
low = np.min([part.min(axis=0) for part in rows], axis=0)
high = np.max([part.max(axis=0) for part in rows], axis=0)


def load(round_number):
    prefix = f"round_{round_number:03d}"
    metadata = json.loads((directory / f"global_means/{prefix}_metadata.json").read_text())
    means = np.load(directory / f"global_means/{prefix}_global_means.npy")
    local = []
    for name in names:
        folder = directory / f"local_means/client_{name}"
        if not (folder / f"{prefix}_metadata.json").exists():
            local.append((np.empty((0, means.shape[1])), np.empty(0), []))
            continue
        local_metadata = json.loads((folder / f"{prefix}_metadata.json").read_text())
        local.append(
            (
                np.load(folder / f"{prefix}_local_means.npy"),
                np.load(folder / f"{prefix}_sample_counts.npy"),
                local_metadata["global_index"],
            )
        )
    return metadata, means, local


def nearest(points, means):
    """Index of the nearest mean of each point."""
    return ((points[:, None, :] - means[None]) ** 2).sum(axis=2).argmin(axis=1)


def draw_rows(axes, points, labels, k):
    for cluster in range(k):
        mine = points[labels == cluster]
        colour = colours[cluster % 10]
        axes.scatter(mine[:, 0], mine[:, 1], s=14, color=colour, marker=markers[cluster % 10], alpha=0.5, linewidths=0)


def draw_means(axes, means, size=140):
    for cluster, (x, y) in enumerate(means):
        colour = colours[cluster % 10]
        axes.scatter(x, y, s=size, color=colour, marker=markers[cluster % 10], edgecolors="black", zorder=5)
        axes.annotate(str(cluster), (x, y), xytext=(7, 7), textcoords="offset points", zorder=6)


def arrow(axes, start, end, colour):
    axes.annotate("", xy=end, xytext=start, arrowprops={"arrowstyle": "->", "color": colour, "lw": 1.4}, zorder=4)


def frame(axes, title):
    axes.set_title(title)
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    axes.grid(alpha=0.3)
    axes.set_xlabel("feature 0")
    axes.set_ylabel("feature 1")


def sidebar(grid, metadata, changes, inertia, round_number):
    """Clusters with their sizes, participants, and two sparklines with the present value."""
    bars = figure.add_subplot(grid[0])
    sizes = metadata["cluster_sizes"] or [0] * metadata["num_clusters"]
    positions = np.arange(len(sizes))
    bars.barh(positions, sizes, color=[colours[c % 10] for c in positions])
    for cluster, size in enumerate(sizes):
        bars.annotate(str(size), (size, cluster), va="center", fontsize=8)
    bars.set_yticks(positions, [f"cluster {c}" for c in positions], fontsize=8)
    bars.invert_yaxis()
    bars.set_xticks([])
    bars.set_title(f"{len(metadata['participating_clients'])} of {len(names)} clients", fontsize=9)
    for cell, title, values in ((grid[1], "means moved by", changes), (grid[2], "inertia", inertia)):
        spark = figure.add_subplot(cell)
        spark.plot([value if value is not None else np.nan for value in values], color="lightgrey")
        now = values[round_number]
        if now is not None:
            spark.plot(round_number, now, "ko", markersize=4)
        spark.set_title(f"{title} {'' if now is None else format(now, '.4g')}", fontsize=9)
        spark.set_axis_off()


figure = plt.figure(figsize=(12.8, 7.2), dpi=100)
history = summary["convergence_history"]
changes = [entry["convergence_change"] for entry in history]
inertia = [entry["inertia"] for entry in history]
previous = None
for round_number in range(n_rounds):
    metadata, means, local = load(round_number)
    before = means if previous is None else previous
    for step, view in enumerate(["local", "aggregation", "global"], start=1):
        figure.clf()
        figure.suptitle(f"Round {round_number} of {n_rounds - 1}: {view}")
        n_panels = len(names) if view != "aggregation" else 1
        outer = figure.add_gridspec(1, 2, width_ratios=[4.2, 1], left=0.05, right=0.98, bottom=0.08, wspace=0.12)
        inner = outer[0].subgridspec(1, n_panels)
        panels = [figure.add_subplot(inner[i]) for i in range(n_panels)]
        sidebar(outer[1].subgridspec(3, 1, height_ratios=[2, 1, 1]), metadata, changes, inertia, round_number)
        if view == "aggregation":
            frame(panels[0], "server")
            for client_means, counts, _ in local:
                targets = nearest(client_means, means)
                panels[0].scatter(client_means[:, 0], client_means[:, 1], s=counts / 4, alpha=0.4,
                                  color=[colours[t % 10] for t in targets])
                for start, target in zip(client_means, targets):
                    arrow(panels[0], start, means[target], "grey")
            for start, end in zip(before, means):
                arrow(panels[0], start, end, "black")
            draw_means(panels[0], means)
        else:
            for axes, name, points, (client_means, counts, origins) in zip(panels, names, rows, local):
                shown = before if view == "local" else means
                frame(axes, f"client {name}: {len(points)} rows")
                draw_rows(axes, points, nearest(points, shown), len(shown))
                draw_means(axes, shown)
                if view == "local":
                    for end, count, origin in zip(client_means, counts, origins):
                        if origin is not None:
                            arrow(axes, before[origin], end, "black")
                        axes.scatter(*end, s=count / 4, facecolors="none", edgecolors="black", zorder=5)
        name = f"round_{round_number:03d}_{step}_{view}.png"
        figure.savefig(frames / name, pil_kwargs={"compress_level": 1})
    previous = means
