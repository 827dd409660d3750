import { OFF_ENTRY } from "../cpu/state-layout.js";
import { newBody, type Body, type Label, type Local } from "../wasm/builder.js";
import type { ModuleBuilder } from "../wasm/module.js";
import { REGION_TYPE } from "./dispatch.js";
import type { FramePart } from "./frame.js";
import type { Shape } from "./shape.js";

/**
 * A region can be entered where it is left in the middle: at its loops and where calls return. What was translated once
 * need not be again, and V8 compiles it once: it replaces a function's code only when the function is entered
 * again, so every loop comes back now and then. The number of the entry travels in the state block and, on
 * the way through the loops around it, in a local.
 */

/** Makes the functions that enter a region at an entry: one module for each number, whatever the region. */
export class EntryMaker {
  readonly #builder: ModuleBuilder;
  readonly #memory: WebAssembly.Memory;
  readonly #modules = new Map<number, WebAssembly.Module>();

  /** @param builder is used when a module is made, so no other may be under construction then */
  constructor(builder: ModuleBuilder, memory: WebAssembly.Memory) {
    this.#builder = builder;
    this.#memory = memory;
  }

  /** The function that enters the region `run` at `entry`. */
  make(entry: number, run: () => number): () => number {
    let module = this.#modules.get(entry);
    if (module === undefined) this.#modules.set(entry, (module = this.#compile(entry)));
    const imports = { m: { memory: this.#memory, region: run } };
    return new WebAssembly.Instance(module, imports).exports["f0"] as () => number;
  }

  #compile(entry: number): WebAssembly.Module {
    const builder = this.#builder;
    builder.begin();
    const w = newBody();
    w.begin([]);
    w.i32_const(0);
    w.i32_const(entry);
    w.i32_store(OFF_ENTRY);
    w.call(builder.import("region", REGION_TYPE));
    builder.func(REGION_TYPE, w);
    return new WebAssembly.Module(builder.finish());
  }
}

/**
 * At a region's start, behind the loads of its first part: find out which entry is wanted and load what its part
 * mentions.
 * @param load to be called where a part's registers are to be loaded
 */
export function emitTakeEntry(
  w: Body,
  entry: Local,
  { entries, partOf, loadsAtStart }: Shape,
  load: (part: FramePart) => void,
): void {
  w.i32_const(0);
  w.i32_load(OFF_ENTRY);
  w.local_tee(entry);
  const elsewhere = w.unlikely().if_();
  w.i32_const(0);
  w.i32_const(0);
  w.i32_store(OFF_ENTRY);
  const parts = new Map<FramePart, number[]>();
  entries.forEach((number, i) => {
    const part = partOf[i]!;
    if (number === 0 || part === partOf[0] || loadsAtStart[i]) return;
    parts.set(part, [...(parts.get(part) ?? []), number]);
  });
  for (const [part, numbers] of parts) {
    const other = w.block();
    const its = w.block();
    const table = new Array<Label>(Math.max(...numbers) + 1).fill(other);
    for (const number of numbers) table[number] = its;
    w.local_get(entry);
    w.br_table(table, other);
    w.end(its);
    load(part);
    w.end(other);
  }
  w.end(elsewhere);
}

/**
 * At the start of a sequence of blocks and loops: go to the one that the wanted entry is in.
 * @param labels by entry number, of those that are in this sequence but not in its first block or loop
 */
export function emitFindEntry(w: Body, entry: Local, labels: ReadonlyMap<number, Label>): void {
  if (labels.size === 0) return;
  w.local_get(entry);
  const elsewhere = w.unlikely().if_();
  const numbers = [...labels.keys()];
  const first = Math.min(...numbers);
  const table = new Array<Label>(Math.max(...numbers) - first + 1).fill(elsewhere);
  for (const [number, label] of labels) table[number - first] = label;
  w.local_get(entry);
  w.i32_const(first);
  w.i32_sub();
  w.br_table(table, elsewhere);
  w.end(elsewhere);
}
