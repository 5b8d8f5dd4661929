import { NOTEBOOK_NAMES, testCommitted } from "../support/committed-notebook.js";

for (const name of NOTEBOOK_NAMES) testCommitted(name, "deno");
