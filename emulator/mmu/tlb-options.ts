import { REPLACEMENTS, type CacheShape, type Replacement } from "./replacement.js";

/** The TLB of a machine. Everything follows from these options and the accesses: nothing is left to chance. */
export interface TlbOptions {
  /** The TLB proper: instructions and data. 2048 sets of 4 ways, round robin. */
  readonly unified?: CacheShape;
  /** A first level for fetches, and one for data, in front of it; null (the default): none. */
  readonly instruction?: CacheShape | null;
  readonly data?: CacheShape | null;
  /** Where table descriptors that were read are kept; null: nowhere. 64 sets of 4 ways, round robin. */
  readonly walk?: CacheShape | null;
  /** Seed of random replacement, 32 bits. */
  readonly seed?: number;
  /**
   * Whether translated code may look translations up itself (the default). Without it every data access asks the model,
   * which makes counters and LRU exact, and programs many times slower.
   */
  readonly inline?: boolean;
  /** One entry serves a whole contiguous set (descriptor bit 52). Otherwise the hint is ignored. */
  readonly contiguous?: boolean;
  /** A TLBI whose TTL or TG does not say what an entry is leaves it. Otherwise these hints are ignored. */
  readonly honourHints?: boolean;
}

/** More than today's cores have, since a miss costs us more: 128 MiB of 16 KiB pages. */
export const DEFAULT_UNIFIED: CacheShape = { sets: 2048, ways: 4 };
export const DEFAULT_WALK: CacheShape = { sets: 64, ways: 4 };

const ARRAYS: Readonly<Record<string, "unified" | "instruction" | "data" | "walk">> = {
  l1i: "instruction",
  l1d: "data",
  l2: "unified",
  walk: "walk",
};
const SWITCHES: Readonly<Record<string, Partial<TlbOptions>>> = {
  exact: { inline: false },
  contiguous: { contiguous: true },
  hints: { honourHints: true },
};

export type ParsedTlb =
  | { readonly ok: true; readonly options: TlbOptions }
  | { readonly ok: false; readonly error: string };

/**
 * Read a TLB from words with commas between them: `l1i=`, `l1d=`, `l2=` and `walk=` with SETSxWAYS and
 * perhaps `:lru`, `:random` or `:round-robin`, or with `none`; `seed=N`; `exact`, `contiguous`, `hints`. For
 * example `l1d=1x32:lru,l2=128x8,exact`.
 */
export function parseTlb(spec: string): ParsedTlb {
  let options: TlbOptions = {};
  for (const word of spec.split(",")) {
    const [name, value, ...rest] = word.trim().split("=");
    const array = ARRAYS[name ?? ""];
    const found = SWITCHES[name ?? ""];
    if (found !== undefined && value === undefined) options = { ...options, ...found };
    else if (name === "seed" && /^\d{1,9}$/.test(value ?? "")) {
      options = { ...options, seed: Number(value) };
    } else if (array !== undefined && value !== undefined && rest.length === 0) {
      const shape = value === "none" && array !== "unified" ? null : parseShape(value);
      if (shape === undefined) return { ok: false, error: `not the shape of a TLB: ${word}` };
      options = { ...options, [array]: shape };
    } else return { ok: false, error: `not an option of the TLB: ${word}` };
  }
  return { ok: true, options };
}

/** Entries one array may have. */
const MAX_ENTRIES = 2 ** 16;

function parseShape(text: string): CacheShape | undefined {
  const match = /^(\d{1,5})x(\d{1,3})(?::([a-z-]+))?$/.exec(text);
  if (match === null) return undefined;
  const [sets, ways] = [Number(match[1]), Number(match[2])];
  const replacement = (match[3] ?? "round-robin") as Replacement;
  const isPowerOfTwo = sets > 0 && (sets & (sets - 1)) === 0;
  if (!isPowerOfTwo || ways < 1 || ways > 255 || sets * ways > MAX_ENTRIES) return undefined;
  return REPLACEMENTS.includes(replacement) ? { sets, ways, replacement } : undefined;
}
