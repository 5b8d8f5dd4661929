/**
 * Colours of clusters, told apart by colour-blind readers too, from Okabe & Ito, Color Universal Design (2008);
 * yellow, which white paper swallows, is left out. The same
 * as in fedkmeans-viz. A picture also numbers its clusters: there can be more than these.
 */
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#9a7d00", "#7b5ea7"];

/** @param cluster its index; -1 is none */
export function clusterColour(cluster: number): string {
  return cluster < 0 ? "#8a8a8a" : COLOURS[cluster % COLOURS.length];
}
