/*
 * Memory for rows that are yet to be read or put together: the kernels compute on what lies there without a copy.
 * Whoever fills it needs to know nothing else of the kernels.
 */
export { allocateBytes, borrowFloats } from "./kernels/memory/held-rows.js";
