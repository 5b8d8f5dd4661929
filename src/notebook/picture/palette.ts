/**
 * Colours of clusters, told apart by colour-blind readers too, from Okabe & Ito, Color Universal Design (2008);
 * yellow, which white paper swallows, is left out. A picture also numbers its clusters: there can be more than these.
 */
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f6000", "#6f4fa2"];

/** @param cluster its index; -1 is none */
export function clusterColour(cluster: number): string {
  return cluster < 0 ? "#8a8a8a" : COLOURS[cluster % COLOURS.length];
}
