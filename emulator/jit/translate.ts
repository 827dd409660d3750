import { check } from "../arch/check.js";
import type { Mode } from "../isa/emitter.js";
import { newBody, type Body } from "../wasm/builder.js";
import type { ModuleBuilder, Splice } from "../wasm/module.js";
import type { Emission } from "./block-emitter.js";
import { REGION_TYPE } from "./dispatch.js";
import { emitTakeEntry } from "./entries.js";
import { Changes, type FramePart, type Span } from "./frame.js";
import { Layout, type CallTargets } from "./layout.js";
import { RegionEmitter } from "./region-emitter.js";
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
  const { blocks, partOf, parts, loops, loadsAtStart } = shape;
  const layout = new Layout(module, mode, shape, targets);
  const e = new RegionEmitter(w, mode, layout, code);
  const load = (part: FramePart): void => {
    e.syncPart("load", part);
  };
  load(partOf[0]!);
  const entry = w.local("i32");
  if (shape.entryCount > 0) emitTakeEntry(w, entry, shape, load);
  e.savedExitLabel = w.block();
  for (const part of parts) part.exit = w.block();
  let longestPath = 0;
  for (const block of blocks) longestPath += block.insns.length;
  const context: Emission = {
    shape,
    e,
    entry,
    layout,
    enter: (i) => {
      layout.current = i;
      const part = partOf[i]!;
      e.frame.part = part;
      e.exitLabel = part.exit;
      e.frame.changes = loops[i] ?? new Changes(false);
      if (loadsAtStart[i] === 1) load(part);
    },
    after: [],
    isStrip: false,
    longestPath,
  };
  emitSequence(context, 0, blocks.length - 1);
  for (let i = parts.length - 1; i >= 0; i--) {
    const part = parts[i]!;
    w.end(part.exit);
    e.syncPart("save", part);
    if (i > 0) w.br(e.savedExitLabel);
  }
  w.end(e.savedExitLabel);
  w.local_get(e.slot);
  check(w.openLabels === 0, "label left open");
  module.func(REGION_TYPE, w, spliceRegisters(e));
  layout.release();
}

/** The loads and stores that only now can be written, since only now it is known what each part mentions. */
function spliceRegisters(e: RegionEmitter): readonly Splice[] {
  const { frame } = e;
  for (const sync of e.sync) {
    const { kind, part, changes } = sync;
    let span: Span;
    if (changes !== null) {
      span = changes.storing ??= written((w) => {
        frame.emitStores(w, changes);
      });
    } else if (kind === "save") {
      span = part!.saving ??= written((w) => {
        frame.emitSave(w, part!);
      });
    } else {
      span = part!.loading ??= written((w) => {
        frame.emitLoad(w, part!);
      });
    }
    sync.from = span.from;
    sync.to = span.to;
  }
  return e.sync;
}

/** Where in `code` is what `emit` emits. */
function written(emit: (w: Body) => void): Span {
  const from = code.length;
  emit(code);
  return { from, to: code.length };
}
