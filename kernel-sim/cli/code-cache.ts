import { renameSync, rmSync, writeFileSync } from "node:fs";
import { Script } from "node:vm";
import { FileMemory, hashOf } from "./file-memory.js";

const MAGIC = 0x6563_6f64_6d76_6d01n;
/** In front of what V8 made: the magic number, the hash of the script and the hash of the rest, 64 bits each. */
const HEADER = { magic: 0, script: 8, data: 16, bytes: 24 } as const;

/** A script that is a function expression, with the code V8 made of it when it last ran. */
export interface CachedScript<F> {
  /** The function. */
  readonly value: F;
  /** False if there was no cache, or one of another script, another V8 or other flags, or a damaged one. */
  readonly hit: boolean;
  /**
   * Write what V8 has made of the script until now, for the next process. Where that is not possible nothing happens:
   * the next process compiles again.
   */
  keep(): void;
}

/**
 * Load a script with the code kept for it, or without if that does not fit. V8 looks only at the length of the script,
 * at its own version and at its flags; so the contents of both files are checked here.
 * @param path an ASCII file, whose value is a function
 * @throws what reading the script throws
 */
export function loadCachedScript<F>(path: string, cachePath: string): CachedScript<F> {
  const memory = new FileMemory([path, cachePath]);
  const [source, cache] = memory.files as [Buffer | null, Buffer | null];
  if (source === null) throw new Error(`${path} cannot be read`);
  const hash = memory.hash(source);
  const data = cache === null ? undefined : checkedData(memory, cache, hash);
  const script = new Script(source.toString("latin1"), {
    filename: path,
    ...(data === undefined ? {} : { cachedData: data }),
  });
  return {
    value: script.runInThisContext() as F,
    hit: data !== undefined && script.cachedDataRejected === false,
    keep: () => {
      writeCache(cachePath, hash, script.createCachedData());
    },
  };
}

function checkedData(memory: FileMemory, cache: Buffer, scriptHash: bigint): Buffer | undefined {
  if (cache.length < HEADER.bytes) return undefined;
  if (cache.readBigUInt64LE(HEADER.magic) !== MAGIC) return undefined;
  if (cache.readBigUInt64LE(HEADER.script) !== scriptHash) return undefined;
  if (cache.readBigUInt64LE(HEADER.data) !== memory.hash(cache, HEADER.bytes)) return undefined;
  return cache.subarray(HEADER.bytes);
}

/** Whole or not at all, also when several processes do it at once. */
function writeCache(path: string, scriptHash: bigint, data: Buffer): void {
  const header = Buffer.alloc(HEADER.bytes);
  header.writeBigUInt64LE(MAGIC, HEADER.magic);
  header.writeBigUInt64LE(scriptHash, HEADER.script);
  header.writeBigUInt64LE(hashOf(data), HEADER.data);
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, Buffer.concat([header, data]));
    renameSync(draft, path);
  } catch {
    rmSync(draft, { force: true });
  }
}
