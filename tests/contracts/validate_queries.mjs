// SPDX-License-Identifier: Apache-2.0
// Validates GraphQL documents against a schema: validate_queries.mjs SCHEMA FILE...
// One JSON object a line: {"file":…, "errors":[…]}. Also the platform's own rule, which no schema
// reports: a root field at most twice in a query, once in a mutation.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSchema, parse, validate } from "graphql";

// Like cmake/EmbedText.cmake: lines `# with PART` at the beginning include parts from the same
// folder.
function read(file) {
  let text = readFileSync(file, "utf8");
  let parts = "";
  for (let part; (part = /^# with (.+)\n/.exec(text)); text = text.slice(part[0].length)) {
    parts += "\n" + readFileSync(join(dirname(file), part[1]), "utf8");
  }
  return text + parts;
}

const [schemaFile, ...files] = process.argv.slice(2);
const schema = buildSchema(readFileSync(schemaFile, "utf8"), { assumeValidSDL: true });

for (const file of files) {
  const errors = [];
  try {
    const document = parse(read(file));
    errors.push(...validate(schema, document).map((error) => error.message));
    const operations = document.definitions.filter((one) => one.kind === "OperationDefinition");
    if (operations.length !== 1) errors.push(`${operations.length} operations instead of one`);
    for (const operation of operations) {
      const most = operation.operation === "mutation" ? 1 : 2;
      const times = {};
      for (const selection of operation.selectionSet.selections) {
        const name = selection.name?.value;
        times[name] = (times[name] ?? 0) + 1;
        if (times[name] === most + 1) errors.push(`${name} stands more than ${most} times`);
      }
    }
  } catch (error) {
    errors.push(error.message);
  }
  console.log(JSON.stringify({ file, errors }));
}
