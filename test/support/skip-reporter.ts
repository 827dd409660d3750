import type { Reporter, TestModule, TestCase } from "vitest/node";

/** Says at the end of a run what was skipped: the titles of skipped groups carry the reason. */
export class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) {
        const key = `${module.relativeModuleId}: ${groupOf(test)}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    for (const [group, count] of counts) console.log(`skipped ${count}: ${group}`);
  }
}

/** The outermost group that was skipped as a whole, or the test itself. */
function groupOf(test: TestCase): string {
  let top = test.name;
  for (let at = test.parent; at.type === "suite"; at = at.parent) {
    if (at.options.mode === "skip") top = at.name;
  }
  return top;
}
