#!/usr/bin/env node
import { join } from "node:path";
import { loadCachedScript } from "./code-cache.js";
import { enableEngineFeatures } from "./engine-flags.js";
import type { runCli } from "./program.js";

/** What the script of the command evaluates to: see rolldown.config.ts. */
type MakeCommand = (
  require: NodeJS.Require,
  importModule: (specifier: string) => Promise<unknown>,
) => { readonly runCli: typeof runCli };

/**
 * What the package starts. The command itself is one script beside this one, and beside it is kept what V8 made of it
 * when it first ran a program: V8 then neither parses nor compiles again what a run needs. Flags come first, since V8
 * refuses what it made under other ones.
 */
enableEngineFeatures();
const command = loadCachedScript<MakeCommand>(
  join(__dirname, "command.js"),
  join(__dirname, "command.cache"),
);
void command
  .value(require, (specifier) => import(specifier))
  .runCli(process.argv.slice(2))
  .then(({ status, ran }) => {
    process.exitCode = status;
    if (ran && !command.hit) command.keep();
  });
