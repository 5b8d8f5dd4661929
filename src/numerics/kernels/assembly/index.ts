/*
 * AssemblyScript, compiled to kernels.wasm by `npm run build`. Addresses are bytes in the module's memory.
 *
 * Every distance that decides is the reference's: squared differences added up feature by feature in float64,
 * one lane a centroid or a row. Centroids lie in panels of four, feature by feature: panel p holds, for each feature,
 * that of its four centroids; a missing centroid is all Infinity and so never nearest. Consecutive panels make
 * a group; within a group centroids ascend by index, so that the first of equals is the lowest.
 */

export { beginRows, moveRows, openBegin, openMove } from "./bounded";
export { assignDirect, transpose } from "./direct";
export { drawStart } from "./draw-start";
export { iterateDirect, stepCentroids, weightedSum } from "./lloyd-steps";
export { joinAs } from "./pinned";
export { addProjected } from "./products";
export { addSquaredDistances } from "./row-distances";
export { scan } from "./scan";
export { approach, potentials } from "./seeding";
export { spread } from "./spread";
export { addProducts, addShifted, addSquares, standardize } from "./statistics";
export { countRows, inertiaRows, total } from "./sums";
