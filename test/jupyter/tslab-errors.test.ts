import assert from "node:assert/strict";
import { test } from "node:test";
import { compileError } from "#src/jupyter/tslab-errors.js";

/** Of a cell of one line, as TypeScript says it. */
function said(...messages: readonly string[]): string {
  const place = { start: { line: 0, character: 0, offset: 0 }, end: { line: 0, character: 4, offset: 4 } };
  const diagnostics = messages.map((messageText) => ({ ...place, code: 2339, category: 1, messageText }));
  return compileError("rows.map(f)", diagnostics).traceback.join("\n");
}

test("where a promise is used as what it becomes, the compiler's line is followed by what to do", () => {
  const ofPromise = said("Property 'map' does not exist on type 'Promise<DataRow[]>'.");
  assert.match(ofPromise, /\n {4}Did you forget to use 'await'\?$/);
  const argument =
    "Argument of type 'Promise<DataRow[]>' is not assignable to parameter of type 'ExperimentLike'.";
  assert.equal(said("No overload matches this call.", argument, argument).match(/await/g)?.length, 1);
  assert.doesNotMatch(said("Property 'map' does not exist on type 'DataRow'."), /await/);
});
