import type { Shape } from "./marks.js";

export type ThemeName = "light" | "dark";

export interface Theme {
  readonly name: ThemeName;
  readonly background: string;
  readonly panel: string;
  readonly border: string;
  readonly grid: string;
  readonly text: string;
  readonly muted: string;
  readonly faint: string;
  /** What is not reached yet, of a curve. */
  readonly pale: string;
  /** Rows that belong to no cluster yet. */
  readonly rows: string;
  readonly accent: string;
  /** Around means, so that they stand out from rows. */
  readonly halo: string;
}

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  light: {
    name: "light",
    background: "#f6f7f9",
    panel: "#ffffff",
    border: "#d9dde3",
    grid: "#eef0f3",
    text: "#16191d",
    muted: "#5b6470",
    faint: "#667080",
    pale: "#8d97a3",
    rows: "#8893a0",
    accent: "#1f2933",
    halo: "#ffffff",
  },
  dark: {
    name: "dark",
    background: "#0e1116",
    panel: "#161b22",
    border: "#2d343d",
    grid: "#20262e",
    text: "#f0f3f6",
    muted: "#a3adb8",
    faint: "#8b96a3",
    pale: "#6b7683",
    rows: "#7d8896",
    accent: "#f0f3f6",
    halo: "#0e1116",
  },
};

/** Told apart with any of the common colour blindnesses (after Okabe & Ito 2008; the yellow darkened for white). */
const COLORS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#9d8000", "#7b5ea7"];

const SHAPES: readonly Shape[] = [
  "circle",
  "square",
  "triangle",
  "diamond",
  "triangle-down",
  "star",
  "cross",
];

/** What comes after all pairs of the colours and shapes above. */
const MORE_SHAPES: readonly Shape[] = ["hourglass", "bowtie"];
const N_PAIRS = COLORS.length * SHAPES.length;
/** Clusters that look different from each other; later ones look like these again. */
export const N_STYLES: number = N_PAIRS + COLORS.length * MORE_SHAPES.length;

/** How a cluster looks: pairs of colour and shape, both of which differ between neighbours. */
export interface ClusterStyle {
  readonly color: string;
  readonly shape: Shape;
}

export function clusterStyle(cluster: number): ClusterStyle {
  const i = cluster % N_STYLES;
  const shape =
    i < N_PAIRS ? SHAPES[i % SHAPES.length] : MORE_SHAPES[Math.floor((i - N_PAIRS) / COLORS.length)];
  return { color: COLORS[i % COLORS.length], shape };
}
