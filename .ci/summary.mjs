// Prints the closing line of a test run and fails unless every test ran and passed.
import { readFileSync } from "node:fs";

const [, , file, status] = process.argv;
const report = JSON.parse(readFileSync(file, "utf8"));
const tests = report.testResults.flatMap((suite) => suite.assertionResults);
const passed = tests.filter((t) => t.status === "passed").length;
const failed = tests.filter((t) => t.status === "failed").length;
const skipped = tests.length - passed - failed;
for (const t of tests) {
  if (t.status !== "passed") console.log(`${t.status}: ${t.fullName}`);
}
const suitesFailed = report.testResults.filter((suite) => suite.status === "failed").length;
const ok = passed > 0 && failed === 0 && skipped === 0 && suitesFailed === 0 && status === "0";
if (!ok) console.log(`not accepted: ${failed} failed, ${skipped} skipped, exit status ${status}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(ok ? 0 : 1);
