import type { Body, Label, Local } from "../wasm/builder.js";

/** A block that an indirect branch may go to directly. */
export interface KnownTarget {
  readonly pc: number;
  readonly label: Label;
}

/** A table covers at most so many bytes of code; targets farther apart are compared one by one. */
const MAX_SPAN = 8192;
/** So many comparisons at most. */
const MAX_COMPARISONS = 8;

/** Go to the block whose address is in `target`, if it is one of `known`; else fall through. */
export function emitKnownTargets(w: Body, target: Local, known: readonly KnownTarget[]): void {
  const sorted = [...known].sort((a, b) => a.pc - b.pc);
  const first = sorted[0]!.pc;
  const span = sorted[sorted.length - 1]!.pc - first;
  if (known.length <= 2 || span > MAX_SPAN) {
    for (const { pc, label } of known.slice(0, MAX_COMPARISONS)) {
      w.local_get(target);
      w.i64_const_number(pc);
      w.i64_eq();
      w.br_if(label);
    }
    return;
  }
  const other = w.block();
  const labels = new Array<Label>(span / 4 + 1).fill(other);
  for (const { pc, label } of sorted) labels[(pc - first) / 4] = label;
  const offset = w.temp("i64");
  w.local_get(target);
  w.i64_const_number(first);
  w.i64_sub();
  w.local_tee(offset);
  w.i64_const(span, 0);
  w.i64_gt_u();
  w.unlikely().br_if(other);
  // Rotated, an address between two instructions becomes a number beyond the table.
  w.local_get(offset);
  w.i32_wrap_i64();
  w.i32_const(2);
  w.i32_rotr();
  w.br_table(labels, other);
  w.end(other);
  w.free(offset);
}
