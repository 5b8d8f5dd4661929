import { testOnNodes } from "./nodes.mjs";
import { prepareTests } from "./prepare-tests.mjs";
import { summarizeSteps } from "./run-tests.mjs";
import { testFiles } from "./test-files.mjs";

/* The tests on the other versions of Node that are promised; arguments narrow the tests down by part of their path. */

prepareTests();
await testOnNodes(testFiles(process.argv.slice(2)));
summarizeSteps();
