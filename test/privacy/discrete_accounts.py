"""Epsilon of runs with discrete Gaussian noise by two accountants that know nothing of fedkmeans' own.

    python discrete_accounts.py dp-accounting < RUNS > ACCOUNTS     # pip install dp-accounting
    python discrete_accounts.py enumeration < RUNS > ACCOUNTS       # numpy

RUNS: a JSON list of {"delta": d, "step": s, "draws": [[sigma, move, times], ...]}: integers that get discrete Gaussian noise of
that sigma and that one row moves by `move`; privacy loss in steps of s. ACCOUNTS: for each a [lower, upper] bound of epsilon.

`dp-accounting` is Google's accountant of privacy loss distributions, of the discrete Gaussian as it has it; below by its
"privacy buckets", rounded down, above by "connect the dots" (Doroshenko, Ghazi, Kamath, Kumar & Manurangsi 2022).
`enumeration` adds up the probability of every integer within 9 sigma, by privacy loss in steps that are rounded down or up, and composes
by the fast Fourier transform; what is beyond 9 sigma counts as a loss without bound above, and not at all below."""
import json
import sys

import numpy as np


def by_dp_accounting(run):
    from dp_accounting.pld.privacy_loss_distribution import from_discrete_gaussian_mechanism as discrete_gaussian

    def epsilon(**how):
        total = None
        for sigma, move, times in run["draws"]:
            loss = discrete_gaussian(sigma, move, **how).self_compose(times)
            total = loss if total is None else total.compose(loss)
        return total.get_epsilon_for_delta(run["delta"])

    return [
        epsilon(pessimistic_estimate=False, value_discretization_interval=run["step"]),
        epsilon(use_connect_dots=True, value_discretization_interval=10 * run["step"]),
    ]


REACH = 9


def losses(sigma, move, step, up):
    """Probability of each privacy loss, in steps from `least` on."""
    top = REACH * sigma
    bins = lambda z: (np.ceil if up else np.floor)((move * move - 2.0 * z * move) / (2.0 * sigma * sigma * step)).astype(int)
    least = int(bins(np.array(top)))
    mass = np.zeros(int(bins(np.array(-top))) - least + 1)
    for start in range(-top, top + 1, 2**23):
        z = np.arange(start, min(start + 2**23, top + 1), dtype=float)
        at = bins(z) - least
        low = at.min()
        chunk = np.bincount(at - low, np.exp(-0.5 * (z / sigma) ** 2))
        mass[low : low + len(chunk)] += chunk
    return least, mass / mass.sum()


def by_enumeration(run):
    step = run["step"]

    def epsilon(up):
        parts = [(*losses(sigma, move, step, up), times) for sigma, move, times in run["draws"]]
        # A run's loss has a standard deviation of mu: what lies beyond 14 of it wraps around, and is below 1e-40.
        mu = sum(times * (move / sigma) ** 2 for sigma, move, times in run["draws"]) ** 0.5
        half = int(14 * mu / step)
        n = 1 << (2 * half + 1).bit_length()
        product, least = 1, 0
        for start, mass, times in parts:
            folded = np.zeros(n)
            np.add.at(folded, np.arange(len(mass)) % n, mass)
            product = product * np.fft.rfft(folded) ** times
            least += start * times
        total = np.maximum(np.fft.irfft(product, n), 0)
        # Bin b is a loss of least + b, modulo n: the one within half a turn of the mean, mu^2 / 2.
        middle = int(mu * mu / 2 / step)
        loss = (least + np.arange(n) - middle + n // 2) % n - n // 2 + middle
        order = np.argsort(loss)
        loss, total = loss[order] * step, total[order]
        beyond = sum(times for _, _, times in run["draws"]) * 3e-19 if up else 0.0

        def delta(e):
            above = loss > e
            return beyond + float((total[above] * -np.expm1(e - loss[above])).sum())

        low, high = 0.0, 200.0
        for _ in range(60):
            e = (low + high) / 2
            low, high = (e, high) if delta(e) > run["delta"] else (low, e)
        return high

    return [epsilon(False), epsilon(True)]


accountant = {"dp-accounting": by_dp_accounting, "enumeration": by_enumeration}[sys.argv[1]]
print(json.dumps([accountant(run) for run in json.load(sys.stdin)]))
