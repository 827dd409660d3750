import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  loadUnicornJs,
  translatingEngine,
  UnicornEngine,
  unicornRefuses,
  type CpuModelName,
  type MachineOptions,
  type PhysMemory,
  type UnicornBinding,
} from "../../emulator/index.js";
import { loadNativeUnicorn } from "./unicorn-native.js";
import { UsageError } from "./usage.js";

/** What executes the guest's instructions. */
export const ENGINE_NAMES = ["machvm", "unicorn"] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** unicorn.js, built for this architecture alone. */
export const UNICORN_JS = "@alexaltea/unicorn-js/aarch64";

export interface EngineArguments {
  readonly engine: EngineName;
  /** Which Unicorn: a native library, or a module of unicorn.js by file or package name. */
  readonly unicorn?: string;
  readonly cpu: CpuModelName;
}

type Load = (memory: PhysMemory) => UnicornBinding;

/**
 * The engine a command line asks for.
 * @returns undefined for the default one
 * @throws UsageError when it cannot be had
 */
export async function chooseEngine(
  args: EngineArguments,
): Promise<MachineOptions["engine"] | undefined> {
  if (args.engine === "machvm") {
    if (args.unicorn !== undefined) throw new UsageError("--unicorn needs --engine unicorn");
    return undefined;
  }
  const refused = unicornRefuses(args.cpu);
  if (refused !== null) throw new UsageError(`--engine unicorn: ${refused}`);
  const load = await loadUnicorn(args.unicorn);
  return (parts) => new UnicornEngine(parts, load(parts.memory), translatingEngine(parts));
}

async function loadUnicorn(which: string | undefined): Promise<Load> {
  if (which !== undefined) {
    return isNativeLibrary(which) ? loadNativeUnicorn(which) : loadModule(which);
  }
  try {
    return await loadNativeUnicorn(null);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    try {
      return await loadModule(UNICORN_JS);
    } catch {
      throw new UsageError(`--engine unicorn: ${error.message}, and neither is ${UNICORN_JS}`);
    }
  }
}

/** libunicorn.so.2, libunicorn.2.dylib, unicorn.dll */
function isNativeLibrary(path: string): boolean {
  return /\.(so(\.\d+)*|dylib|dll)$/.test(path);
}

async function loadModule(which: string): Promise<Load> {
  const url = existsSync(which) ? pathToFileURL(resolve(which)).href : which;
  let module: unknown;
  try {
    module = await import(url);
  } catch {
    throw new UsageError(`--unicorn: ${which}: cannot be loaded`);
  }
  const load = await loadUnicornJs(module);
  if (typeof load === "string") throw new UsageError(`--unicorn: ${which}: ${load}`);
  return load;
}
