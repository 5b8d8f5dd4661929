#!/usr/bin/env node
// Beside the compiled code, so that npm can link the command before anything is compiled.
require("../dist/cli/main.js");
