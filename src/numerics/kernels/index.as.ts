/*
 * AssemblyScript, compiled to kernels.wasm by `npm run build`. Addresses are bytes in the module's memory.
 *
 * Every distance that decides is the reference's: squared differences added up feature by feature in float64,
 * one lane a centroid or a row. Centroids lie in panels of four, feature by feature: panel p holds, for each feature,
 * that of its four centroids; a missing centroid is all Infinity and so never nearest. Consecutive panels make
 * a group; within a group centroids ascend by index, so that the first of equals is the lowest.
 */

export { beginRows, moveRows, openBegin, openMove } from "./bounded/bounded.as";
export { joinAs } from "./bounded/hoisted.as";
export { countMembers, inertiaRows, total } from "./bounded/sums.as";
export { assignDirect, transpose } from "./direct/direct.as";
export { drawStart } from "./direct/draw-start.as";
export { iterateDirect, stepCentroids } from "./direct/lloyd-steps.as";
export { lowerClosest, potentials } from "./seeding/potentials.as";
export { addProjected } from "./statistics/scatter-products.as";
export { addSquaredDistances } from "./statistics/squared-distances.as";
export { addProducts, addShifted, addSquares, standardize } from "./statistics/statistics.as";
export { sumOfSquares } from "./statistics/sum-of-squares.as";
