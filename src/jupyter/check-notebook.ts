import { RunError } from "../errors.js";
import { printable } from "../printable.js";
import type { Notebook } from "./notebook-file.js";

type Fields = Readonly<Record<string, unknown>>;

const CELL_TYPES = ["code", "markdown", "raw"];

/**
 * Checks what the types `Notebook` and `NotebookCell` say of a file's contents; what else is in it is not looked at.
 *
 * @param value anything that was parsed from JSON
 * @param path names the file in an error
 * @throws RunError naming the file, the cell (counted from 1), what was expected and what was found
 * @see https://nbformat.readthedocs.io/en/latest/format_description.html
 */
export function checkNotebook(value: unknown, path: string): Notebook {
  if (!isFields(value)) throw new RunError(`${path}: a notebook expected, found ${shown(value)}`);
  const { nbformat, nbformat_minor, metadata, cells } = value;
  if (nbformat !== 4) {
    const older = typeof nbformat === "number" && nbformat < 4;
    const hint = older ? "; jupyter nbconvert --to notebook makes one of it" : "";
    throw new RunError(
      `${path}: a notebook of nbformat 4 expected, found nbformat ${shown(nbformat)}${hint}`,
    );
  }
  const expect = expecting(path);
  expect(Number.isInteger(nbformat_minor), "nbformat_minor", "an integer", nbformat_minor);
  expect(isFields(metadata), "metadata", "an object", metadata);
  checkKernelspec((metadata as Fields).kernelspec, expect);
  expect(Array.isArray(cells), "cells", "a list", cells);
  for (const [index, cell] of (cells as unknown[]).entries()) {
    checkCell(cell, expecting(`${path}, cell ${index + 1}`));
  }
  return value as unknown as Notebook;
}

type Expect = (holds: boolean, field: string, expected: string, found: unknown) => void;

function expecting(where: string): Expect {
  return (holds, field, expected, found) => {
    if (!holds) throw new RunError(`${where}: ${field} must be ${expected}, found ${shown(found)}`);
  };
}

function checkKernelspec(kernelspec: unknown, expect: Expect): void {
  if (kernelspec === undefined) return;
  expect(isFields(kernelspec), "metadata.kernelspec", "an object", kernelspec);
  const { name } = kernelspec as Fields;
  expect(name === undefined || typeof name === "string", "metadata.kernelspec.name", "a text", name);
}

function checkCell(cell: unknown, expect: Expect): void {
  expect(isFields(cell), "it", "an object", cell);
  const { cell_type, metadata, source, outputs } = cell as Fields;
  expect(CELL_TYPES.includes(cell_type as string), "cell_type", CELL_TYPES.join(" or "), cell_type);
  expect(isFields(metadata), "metadata", "an object", metadata);
  const { tags } = metadata as Fields;
  expect(tags === undefined || isTexts(tags), "metadata.tags", "a list of texts", tags);
  expect(typeof source === "string" || isTexts(source), "source", "a text or a list of texts", source);
  const isOutputs = Array.isArray(outputs) ? outputs.every(isFields) : outputs === undefined;
  expect(isOutputs, "outputs", "a list of objects", outputs);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

/** The beginning of a value, as JSON; "none" where there is none. */
function shown(value: unknown): string {
  const text = printable(JSON.stringify(value) ?? "none");
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
