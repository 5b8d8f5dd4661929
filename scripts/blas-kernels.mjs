import { spawnSync } from "node:child_process";

/* The kernels of OpenBLAS, with which NumPy multiplies matrices: each rounds in its own way. */

/** For processors without AVX, with AVX2, and with AVX-512. */
export const BLAS_KERNELS = ["Prescott", "Haswell", "SkylakeX"];

/** Multiplies matrices, compares with sums of products, and prints which kernel did it. */
const PROBE = `
import numpy as np, threadpoolctl
A = np.random.default_rng(0).normal(size=(200, 70))
assert abs(A.T @ A - np.einsum("ik,il->kl", A, A)).max() < 1e-9
print(*{info.get("architecture") for info in threadpoolctl.threadpool_info() if info["user_api"] == "blas"})
`;

/** @returns {string | null} why NumPy cannot be made to compute with this kernel here */
export function whyNotKernel(name) {
  // Somebody has set it for a reason: on this machine other kernels may compute what is wrong.
  const { OPENBLAS_CORETYPE } = process.env;
  if (OPENBLAS_CORETYPE !== undefined) return `OPENBLAS_CORETYPE is set to ${OPENBLAS_CORETYPE} here`;
  const { status, stdout, signal } = spawnSync(process.env.PYTHON ?? "/usr/bin/python3", ["-c", PROBE], {
    env: { ...process.env, OPENBLAS_CORETYPE: name },
    encoding: "utf8",
  });
  if (status !== 0)
    return `NumPy does not compute with it on this processor (${signal ?? `exit code ${status}`})`;
  const found = stdout.trim();
  return found.toLowerCase() === name.toLowerCase() ? null : `NumPy takes ${found || "another"} here`;
}
