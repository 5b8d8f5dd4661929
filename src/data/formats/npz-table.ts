import { readNpy } from "../../directory/npy.js";
import { messageOf, RunError } from "../../errors.js";
import type { ArrayFormat } from "./format.js";
import { numberLabels, textLabel } from "./labels.js";
import { readNpyTexts } from "./npy-text.js";
import { type NpzArchive, withNpz } from "./npz-archive.js";
import { checkRowsShape, rowsOfArray, shapeText } from "./rows-array.js";
import { type CodedTexts, codeTexts, NO_LABELS, type RawPartition } from "./table.js";

const ROWS = "X";
/** Names that rows of two dimensions often have; the first that is there. scikit-learn's bunches have "data". */
const CUSTOMARY_ROWS = ["x", "data", "features"];
/** Likewise of labels; scikit-learn's bunches have "target". */
const CUSTOMARY_LABELS = ["y", "label", "labels", "target"];
const FEATURE_NAMES = "feature_names";
/** Of what scipy.sparse.save_npz writes, whatever the format. */
const SPARSE = ["format", "shape", "data"];

export const npzFormat: ArrayFormat = {
  extensions: [".npz"],
  mayBeGzip: false,
  holds: "arrays",
  read: readNpzTable,
};

/**
 * Reads one client's rows from a .npz file, and their labels and the features' names if they are there. Rows are the
 * array X; else x, data or features, if it has two dimensions; else the only array of two dimensions. Whatever else
 * is there is passed over, and not decompressed.
 *
 * @param path the file
 * @param labelName name of the array of labels; null: y, label, labels or target; `NO_LABELS`: there are none
 * @param source what to call the client in errors
 * @throws UsageError if there is no such file; RunError if it does not hold such arrays
 */
async function readNpzTable(path: string, labelName: string | null, source: string): Promise<RawPartition> {
  return withNpz(path, async (archive) => {
    const name = await nameOfRows(archive, labelName, source);
    const sourceOf = (array: string) => `${source}, array ${JSON.stringify(array)}`;
    checkRowsShape((await archive.header(name)).shape, sourceOf(name));
    const rows = rowsOfArray(readNpy(await archive.read(name), sourceOf(name)), sourceOf(name));
    const labelArray = nameOfLabels(archive.names, name, labelName);
    const isAbsent = labelArray === null && labelName !== null && labelName !== NO_LABELS;
    return {
      rows,
      featureNames: await readFeatureNames(archive, rows.nColumns, sourceOf(FEATURE_NAMES)),
      labelColumn: labelArray,
      labels:
        labelArray === null ? null : await readLabels(archive, labelArray, rows.nRows, sourceOf(labelArray)),
      missingAt: null,
      notices: isAbsent ? [`no labels: ${whyAbsent(labelName, name)}`] : [],
    };
  });
}

async function nameOfRows(archive: NpzArchive, labelName: string | null, source: string): Promise<string> {
  const { names } = archive;
  if (names.includes(ROWS)) return ROWS;
  if (SPARSE.every((name) => names.includes(name))) {
    throw new RunError(
      `${source}: holds a scipy.sparse matrix; save its dense rows instead: np.savez(file, X=matrix.toarray())`,
    );
  }
  const shapes = new Map<string, string>();
  const tables: string[] = [];
  for (const name of names) {
    try {
      const { type, shape } = await archive.header(name);
      shapes.set(name, type.kind === "real" ? shapeText(shape) : `of texts ${shapeText(shape)}`);
      if (type.kind === "real" && shape.length === 2 && name !== labelName) tables.push(name);
    } catch (error) {
      // Rows under a customary name that cannot be read are to be mended, not passed over for others.
      if (CUSTOMARY_ROWS.includes(name)) throw error;
      shapes.set(name, `(${messageOf(error).replace(/^.*\): /, "")})`);
    }
  }
  const customary = CUSTOMARY_ROWS.find((name) => tables.includes(name));
  if (customary !== undefined) return customary;
  const others = tables.filter((name) => !CUSTOMARY_LABELS.includes(name) || tables.length === 1);
  if (others.length === 1) return others[0];
  const found = Array.from(shapes, ([name, shape]) => `${name} ${shape}`).join(", ");
  throw new RunError(`${source}: an array X of rows expected, found ${found || "no arrays"}`);
}

function whyAbsent(labelName: string, rows: string): string {
  return labelName === rows ? `the array "${rows}" holds the rows` : `no array ${JSON.stringify(labelName)}`;
}

/** @returns null where there are no labels */
function nameOfLabels(names: readonly string[], rows: string, labelName: string | null): string | null {
  if (labelName !== null) return names.includes(labelName) && labelName !== rows ? labelName : null;
  // A y beside an x is a coordinate.
  const areCoordinates = rows !== "x" && names.includes("x");
  const customary = CUSTOMARY_LABELS.filter((name) => name !== rows && !(name === "y" && areCoordinates));
  return customary.find((name) => names.includes(name)) ?? null;
}

async function readLabels(
  archive: NpzArchive,
  name: string,
  nRows: number,
  source: string,
): Promise<CodedTexts> {
  const { type, shape } = await archive.header(name);
  if (!(shape.length === 1 || (shape.length === 2 && shape[1] === 1))) {
    throw new RunError(`${source}: labels of shape (rows,) expected, found shape ${shapeText(shape)}`);
  }
  if (shape[0] !== nRows) {
    throw new RunError(
      `${source}: as many labels as rows expected, found ${shape[0]} labels and ${nRows} rows`,
    );
  }
  const bytes = await archive.read(name);
  const labels =
    type.kind === "text"
      ? readNpyTexts(bytes, source).texts.map((text) => textLabel(text.trim()))
      : numberLabels(readNpy(bytes, source).data, source);
  return codeTexts(labels);
}

/** Names of the features, where the archive has as many as there are features, and all differ; else null. */
async function readFeatureNames(
  archive: NpzArchive,
  nColumns: number,
  source: string,
): Promise<readonly string[] | null> {
  if (!archive.names.includes(FEATURE_NAMES)) return null;
  const header = await archive.header(FEATURE_NAMES).catch(() => null);
  if (header?.type.kind !== "text" || header.count !== nColumns) return null;
  const { texts } = readNpyTexts(await archive.read(FEATURE_NAMES), source);
  const names = texts.map((text) => text.trim());
  return new Set(names).size === nColumns && !names.includes("") ? names : null;
}
