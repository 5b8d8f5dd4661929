import assert from "node:assert/strict";
import { test } from "node:test";
import type { CellError } from "#src/jupyter/cell-error.js";
import { compileError } from "#src/jupyter/tslab-errors.js";

/** Of a cell of one line, as TypeScript says it. */
function errorOf(...messages: readonly string[]): CellError {
  const place = { start: { line: 0, character: 0, offset: 0 }, end: { line: 0, character: 4, offset: 4 } };
  const diagnostics = messages.map((messageText) => ({ ...place, code: 2339, category: 1, messageText }));
  return compileError("rows.map(f)", diagnostics);
}

function said(...messages: readonly string[]): string {
  return errorOf(...messages).traceback.join("\n");
}

test("where a promise is used as what it becomes, the compiler's line is followed by what to do", () => {
  const ofPromise = said("Property 'map' does not exist on type 'Promise<DataRow[]>'.");
  assert.match(ofPromise, /\n {4}Did you forget to use 'await'\?$/);
  const argument =
    "Argument of type 'Promise<DataRow[]>' is not assignable to parameter of type 'ExperimentLike'.";
  assert.equal(said("No overload matches this call.", argument, argument).match(/await/g)?.length, 1);
  assert.doesNotMatch(said("Property 'map' does not exist on type 'DataRow'."), /await/);
});

test("of a misspelt setting the error says which was meant, and the rest stands below", () => {
  const type =
    "Argument of type '{ kglobal: number; }' is not assignable to parameter of type 'RunSettings'.";
  const spelling = "'kglobal' does not exist in type 'RunSettings'. Did you mean to write 'kGlobal'?";
  assert.equal(errorOf(type, spelling).evalue, `${spelling} (line 1, column 1)`);
  assert.match(
    said(type, spelling),
    /^\S*TypeScriptError\S*: 'kglobal' does not exist.*\n {4}Argument of type/s,
  );
  assert.equal(errorOf(type).evalue, `${type} (line 1, column 1)`);
});
