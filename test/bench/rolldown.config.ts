import { defineConfig, type RolldownOptions } from "rolldown";
import { functionScript } from "../../rolldown.config.js";
import { CACHED_CHILDREN, JS_DIRECTORY, SCRIPT_DIRECTORY } from "./directories.js";

/** Child processes as scripts, for child/launch.ts. */
const scripts: readonly RolldownOptions[] = CACHED_CHILDREN.map((name) =>
  functionScript(name, `./${JS_DIRECTORY}/test/bench/child/${name}.js`, SCRIPT_DIRECTORY),
);
export default defineConfig([...scripts]);
