"""What `fkm` asks of a party, answered in NumPy: docs/flower-messages.md says what each message is."""

import numpy as np

PROTOCOL = 2


class Refusal(Exception):
    """Why there is no answer. Its text travels to the server: no value and no path may be in it."""


class Party:
    """A party as `fedkmeans groups --points` writes it: points, each with the number of rows that it stands for."""

    def __init__(self, name, written):
        self.name, self.group_size = name, written["group_size"]
        self.features, self.label_column = written["feature_names"] or [], written["label_column"]
        self.points = np.array(written["points"], float).reshape(len(written["weights"]), -1)
        self.weights = np.array(written["weights"], float)
        spreads = written["spreads"] or [None] * self.points.shape[1]
        self.spreads = np.array(spreads, float)
        self.classes = written["classes"] or []
        self.label_counts = np.array(written["label_counts"] or np.zeros((len(self.weights), 0)))

    @property
    def n_samples(self):
        return int(self.weights.sum())

    def about(self, names):
        """Points and spreads of some features, as if there were no others: their order tells nothing of those."""
        if not set(names) <= set(self.features):
            raise Refusal("it has not all the features that the run asks for")
        places = [self.features.index(name) for name in names]
        points = self.points[:, places]
        order = np.lexsort((self.weights, *points.T[::-1]))
        return points[order], self.weights[order], self.spreads[places], self.label_counts[order]


def answer(message, scalars, arrays, party):
    """The reply's message, scalars and arrays."""
    kind = message["kind"]
    if kind not in ANSWERS:
        raise Refusal(f"it knows no {kind}")
    data = party.about(scalars.get("feature_names", party.features))
    reply_kind, reply, found = ANSWERS[kind](party, data, scalars, arrays)
    typed = {name: np.asarray(a, np.int32 if name in INTEGERS else np.float64) for name, a in found.items()}
    return {"kind": reply_kind, "exchange": message["exchange"]}, reply, typed


INTEGERS = {"counts", "sent", "origins", "contingency"}


def handshake(party, data, scalars, arrays):
    if scalars["protocol"] != PROTOCOL:
        raise Refusal(f"it speaks version {PROTOCOL} of the protocol")
    if scalars["protection"] != "groups" or scalars["group_size"] > party.group_size:
        raise Refusal(f"it holds to groups of {party.group_size} rows")
    if not len(party.weights):
        raise Refusal("it has fewer rows than a group")
    return "handshake", {
        "protocol": PROTOCOL, "name": party.name, "n_samples": party.n_samples,
        "n_features": len(party.features), "feature_names": party.features,
        "has_labels": len(party.classes) > 0, "label_column": party.label_column or "",
        "protection": "groups", "group_size": party.group_size,
        "privacy_threshold": max(1, scalars["privacy_threshold"]), "n_points": len(party.weights),
        "least_weight": int(party.weights.min()), "greatest_weight": int(party.weights.max()),
    }, {}


def moments(party, data, scalars, arrays):
    x, w, spreads, _ = data
    n, sums = w.sum(), w @ x
    squares = w @ (x - sums / n) ** 2
    found = {"sums": sums, "centered_squared_sums": np.where(np.isnan(spreads), squares, n * spreads**2)}
    if scalars["with_scatter"]:
        # What the sums have no digits for, far from 0.
        found["mean_remainders"] = w @ (x - sums / n) / n
        centered = x - (sums / n + found["mean_remainders"])
        found["scatter_upper"] = ((w * centered.T) @ centered)[np.triu_indices(x.shape[1])]
    return "normalization/moments", {"n_samples": party.n_samples}, found


def scatter(party, data, scalars, arrays):
    _, _, found = moments(party, data, {"with_scatter": True}, arrays)
    mean = found["sums"] / party.n_samples + found["mean_remainders"]
    return "pca/scatter", {"n_samples": party.n_samples}, {"mean": mean, "scatter_upper": found["scatter_upper"]}


def start(party, data, scalars, arrays):
    """k-means++ by draws of its own: a party need not draw as others do, only well."""
    x, w = transformed(data, arrays)
    random = np.random.default_rng([scalars["random_state"], *party.name.encode()])
    best = None
    for _ in range(scalars.get("restarts", 10)):
        means = x[[random.choice(len(x), p=w / w.sum())]]
        while len(means) < min(scalars["k"], len(x)):
            gaps = w * squared_distances(x, means).min(1)
            if gaps.sum() == 0:
                break
            means = np.vstack([means, x[random.choice(len(x), p=gaps / gaps.sum())]])
        means, counts = iterate(x, w, means, scalars["local_iterations"])
        inertia = w @ squared_distances(x, means).min(1)
        if best is None or inertia < best[2]:
            best = means[counts > 0], counts[counts > 0], inertia
    return local_means(party, *best, np.full(len(best[0]), -1), scalars)


def update(party, data, scalars, arrays):
    x, w = transformed(data, arrays)
    distances = squared_distances(x, arrays["means"])
    nearest = distances.argmin(1)
    origins = np.unique(nearest) if scalars["drop_empty"] else np.arange(len(arrays["means"]))
    means, counts = iterate(x, w, arrays["means"][origins], scalars["local_iterations"])
    left = counts > 0 if scalars["drop_empty"] else counts >= 0
    return local_means(party, means[left], counts[left], w @ distances.min(1), origins[left], scalars)


def fit(party, data, scalars, arrays):
    x, w = transformed(data, arrays)
    distances = squared_distances(x, arrays["means"])
    belongs = np.eye(distances.shape[1])[distances.argmin(1)] * w[:, None]
    counts = belongs.sum(0)
    sent = (counts > 0) & (counts >= scalars["privacy_threshold"])
    own, other = np.sqrt(np.sort(distances, 1)[:, :2].T) if len(counts) > 1 else np.ones((2, len(x)))
    silhouettes = np.divide(other - own, other, out=np.zeros(len(x)), where=other > 0)
    withheld = party.n_samples < scalars["privacy_threshold"]
    found = {"counts": counts, "sums": (belongs.T @ x) * sent[:, None], "sent": sent,
             "contingency": data[3].T @ (belongs > 0)}
    if scalars["with_dispersion"]:
        found |= dispersion(party, data, scalars, {**arrays, "cluster_means": arrays["means"]})[2]
    return "evaluation/fit", {
        "n_samples": 0 if withheld else party.n_samples,
        "inertia": 0.0 if withheld else float(w @ distances.min(1)),
        "simplified_silhouette_sum": 0.0 if withheld else float(w @ silhouettes), "classes": party.classes,
    }, found


def dispersion(party, data, scalars, arrays):
    x, w = transformed(data, arrays)
    nearest = squared_distances(x, arrays["means"]).argmin(1)
    k = len(arrays["means"])
    released = np.bincount(nearest, w, k) >= scalars["privacy_threshold"]
    gaps = ((x - arrays["cluster_means"][nearest]) ** 2).sum(1)
    return "evaluation/dispersion", {}, {
        "distance_sums": np.bincount(nearest, w * np.sqrt(gaps), k) * released,
        "squared_distance_sums": np.bincount(nearest, w * gaps, k) * released,
    }


ANSWERS = {
    "handshake": handshake, "normalization/moments": moments, "pca/scatter": scatter, "clustering/start": start,
    "clustering/update": update, "evaluation/fit": fit, "evaluation/dispersion": dispersion,
}


def transformed(data, arrays):
    """Points as they are clustered, and their weights. A scale of 0 marks a constant feature, which becomes 0."""
    x, w, *_ = data
    if "normalization_mean" in arrays:
        scale = arrays["normalization_scale"]
        x = np.where(scale > 0, (x - arrays["normalization_mean"]) / np.where(scale > 0, scale, 1), 0)
    if "projection_mean" in arrays:
        x = (x - arrays["projection_mean"]) @ arrays["projection_components"].T
    return x, w


def squared_distances(x, means):
    return ((x[:, None, :] - means[None]) ** 2).sum(2)


def iterate(x, w, began, times):
    """Means after some iterations, and the rows behind each: of the assignment that made them, not counted again."""
    means = began
    for _ in range(times):
        belongs = np.eye(len(began))[squared_distances(x, means).argmin(1)] * w[:, None]
        counts = belongs.sum(0)
        # One that lost its points is where the server had it, which tells nothing of them.
        means = np.where(counts[:, None] > 0, belongs.T @ x / np.maximum(counts, 1)[:, None], began)
    return means, counts


def local_means(party, means, counts, inertia, origins, scalars):
    if scalars["as_published"] or scalars.get("algorithm", "fkm") != "fkm":
        raise Refusal("it takes part in fkm alone")
    sent = (counts == 0) | (counts >= scalars["privacy_threshold"])
    withheld = party.n_samples < scalars["privacy_threshold"]
    return "clustering/local_means", {"inertia": 0.0 if withheld else float(inertia)}, {
        "values": means[sent], "counts": counts, "sent": sent, "origins": origins,
    }
