#!/usr/bin/env node
import { enableEngineFeatures } from "./engine-flags.js";
import { runCli } from "./program.js";

enableEngineFeatures();
process.exitCode = (await runCli(process.argv.slice(2))).status;
