/**
 * Starts another child process as the package starts its command: from one script, with the code that V8 made of it in its first
 * run. launch.js DIRECTORY NAME [ARGS...]
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { loadCachedScript } from "../../../kernel-sim/cli/code-cache.js";
import { enableEngineFeatures } from "../../../kernel-sim/cli/engine-flags.js";

enableEngineFeatures();
const [directory = "", name = ""] = process.argv.splice(2, 2);
const script = loadCachedScript<(require: NodeJS.Require) => void>(
  join(directory, `${name}.js`),
  join(directory, `${name}.cache`),
);
script.value(createRequire(import.meta.url));
if (!script.hit) script.keep();
