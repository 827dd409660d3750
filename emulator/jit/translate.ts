import { check } from "../arch/check.js";
import type { Mode } from "../isa/emitter.js";
import { newBody, type Label } from "../wasm/builder.js";
import type { ModuleBuilder, Splice } from "../wasm/module.js";
import type { Emission } from "./block-emitter.js";
import { REGION_TYPE } from "./dispatch.js";
import { emitTakeEntry } from "./entries.js";
import type { RegionContext } from "./exit-emitter.js";
import { Changes, type ChangedRegisters, type FramePart } from "./frame.js";
import { RegionEmitter } from "./region-emitter.js";
import { hostFunctionType } from "./runtime.js";
import { emitSequence } from "./sequence.js";
import type { Shape } from "./shape.js";

const body = newBody();
const code = newBody();

/**
 * Translate a region into one WebAssembly function of `module`. Its shape:
 *
 *     load the registers of the first block's part, or of that of the entry wanted
 *     block $done
 *       block $exit, one for each part
 *         the blocks in reverse postorder; a `loop` around every range a branch leads back over,
 *         a `block` up to every block that is branched forward to or that an entry is in
 *       end
 *       store the part's registers; br $done
 *     end
 *     return `slot`
 *
 * A branch that this nesting cannot express leaves the region through the table instead. A guest call
 * stores the registers of the part before it, runs its target as a WebAssembly call, and loads those of the part
 * after it.
 */
export function translateRegion(
  module: ModuleBuilder,
  shape: Shape,
  mode: Mode,
  targets: CallTargets,
): void {
  const w = body;
  w.begin([]);
  code.begin([]);
  const { blocks, partOf, loops, loadsAtStart } = shape;
  const index = new Map(blocks.map((b, i) => [b.pc, i]));
  const labels: (Label | undefined)[] = [];
  const parts = [...new Set(partOf)];
  let current = 0;
  const e = new RegionEmitter(w, mode, {
    host: (name) => module.import(name, hostFunctionType(name)),
    ...targets,
    labelOf: (pc) => {
      const i = index.get(pc);
      return i === undefined ? null : (labels[i] ?? null);
    },
    fallsInto: (pc) => index.get(pc) === current + 1 && context.apart !== current,
    contains: (pc) => index.has(pc),
    targets: () => blocks[current]!.targets,
    partToLoadAt: (pc) => (loadsAtStart[index.get(pc)!] ? null : partOf[index.get(pc)!]!),
    sharesChanges: (pc) => {
      const i = index.get(pc);
      return i !== undefined && loops[i] !== null && loops[i] === loops[current];
    },
  });
  const load = (part: FramePart): void => {
    e.sync.push({ at: w.length, kind: "load", part });
  };
  load(partOf[0]!);
  const entry = w.local("i32");
  if (shape.entries.some((number) => number > 0)) emitTakeEntry(w, entry, shape, load);
  e.savedExitLabel = w.block();
  const exits = new Map(parts.map((part) => [part, w.block()]));
  const context: Emission = {
    shape,
    e,
    entry,
    labels,
    enter: (i) => {
      current = i;
      const part = partOf[i]!;
      e.frame.part = part;
      e.exitLabel = exits.get(part)!;
      e.frame.changes = loops[i] ?? new Changes(false);
      if (loadsAtStart[i]) load(part);
    },
    after: [],
    apart: -1,
    isStrip: false,
    longestPath: blocks.reduce((sum, block) => sum + block.insns.length, 0),
  };
  emitSequence(context, 0, blocks.length - 1);
  for (const part of [...parts].reverse()) {
    w.end(exits.get(part)!);
    e.sync.push({ at: w.length, kind: "save", part });
    if (part !== parts[0]) w.br(e.savedExitLabel);
  }
  w.end(e.savedExitLabel);
  w.local_get(e.slot);
  check(w.openLabels === 0, "label left open");
  module.func(REGION_TYPE, w, spliceRegisters(e));
}

/** How a region reaches others. */
export type CallTargets = Pick<RegionContext, "linkSlot" | "ownFunction">;

/** The loads and stores that only now can be written, since only now it is known what each part mentions. */
function spliceRegisters(e: RegionEmitter): readonly Splice[] {
  const made = new Map<FramePart, { save?: Span; load?: Span }>();
  const stores = new Map<ChangedRegisters, Span>();
  return e.sync.map((sync) => {
    const { at, kind } = sync;
    if (kind === "stores") {
      let span = stores.get(sync.registers);
      if (span === undefined) {
        const from = code.length;
        e.frame.emitStores(code, sync.registers);
        stores.set(sync.registers, (span = { from, to: code.length }));
      }
      return { at, code, ...span };
    }
    const { part } = sync;
    let spans = made.get(part);
    if (spans === undefined) made.set(part, (spans = {}));
    let span = spans[kind];
    if (span === undefined) {
      const from = code.length;
      if (kind === "save") e.frame.emitSave(code, part);
      else e.frame.emitLoad(code, part);
      span = spans[kind] = { from, to: code.length };
    }
    return { at, code, ...span };
  });
}

interface Span {
  readonly from: number;
  readonly to: number;
}
