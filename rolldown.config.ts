import { defineConfig, type RolldownOptions } from "rolldown";

/**
 * The command, made of what tsc left in dist. machvm.js starts; command.js is everything else, a function of Node's
 * ways to load modules for kernel-sim/cli/launch.ts. Both are CommonJS, which Node loads some milliseconds faster; the
 * library beside them is not, and says so.
 */
const DIRECTORY_TYPES = {
  "": "commonjs",
  "emulator/": "module",
  "vm/": "module",
  "kernel-sim/": "module",
};

/** What commander starts commands with that are programs of their own. We have none, and it takes Node a while to load. */
const UNUSED = "node:child_process";

const part = (name: string, file: string, options: RolldownOptions): RolldownOptions => ({
  platform: "node",
  external: ["koffi", "capstone-wasm"],
  logLevel: "silent",
  input: { [name]: file },
  ...options,
  output: {
    dir: "dist",
    entryFileNames: "[name].js",
    format: "cjs",
    minify: true,
    codeSplitting: false,
    ...options.output,
  },
});

const launcher = part("machvm", "dist/kernel-sim/cli/launch.js", {
  plugins: [
    {
      name: "directory-types",
      generateBundle() {
        for (const [directory, type] of Object.entries(DIRECTORY_TYPES)) {
          const source = `${JSON.stringify({ type })}\n`;
          this.emitFile({ type: "asset", fileName: `${directory}package.json`, source });
        }
      },
    },
  ],
});

/**
 * A script that is a function of Node's ways to load modules, as kernel-sim/cli/code-cache.ts takes it.
 * @param file what it is made of
 */
export function functionScript(name: string, file: string, dir = "dist"): RolldownOptions {
  return part(name, file, {
    output: {
      dir,
      postBanner: '(function (require, importModule) { "use strict"; const exports = {};',
      postFooter: "return exports; })",
    },
    plugins: [
      {
        name: "unused",
        resolveId: (id) => (id === UNUSED ? `\0${id}` : null),
        load: (id) => (id === `\0${UNUSED}` ? "export {};" : null),
      },
      {
        // Node has no stable way to give import() to a script that did not come as a module.
        name: "import-module",
        transform: (code) => code.replaceAll("await import(", "await importModule("),
      },
    ],
  });
}

const command = functionScript("command", "dist/kernel-sim/cli/program.js");

/** In this order: both write into one directory. */
const parts: readonly RolldownOptions[] = [launcher, command];
export default defineConfig([...parts]);
