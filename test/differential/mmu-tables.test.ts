import { describe, expect, it } from "vitest";
import { Prng } from "../support/fp-operands.js";
import { FUZZ_SEED, FUZZ_TABLES } from "../support/fuzz-options.js";
import { makeImage, runImageHere, runImageUnderQemu } from "../support/mmu-image/image.js";
import { randomTable, withArchitecturalSh } from "../support/mmu-image/random-tables.js";
import { qemuSystemMissing } from "../support/qemu-system.js";

const BATCH = 10_000;
const FORMS = ["S1E1R", "S1E1W", "S1E0R", "S1E0W", "S1E1RP", "S1E1WP"];

/** Every form of AT on random translation tables, here and on qemu-system-aarch64 -cpu max. */
describe.skipIf(qemuSystemMissing !== null)(`random tables ${qemuSystemMissing ?? ""}`, () => {
  it(`translate as QEMU does in ${FUZZ_TABLES} tables (seed ${FUZZ_SEED})`, () => {
    const rng = new Prng(FUZZ_SEED);
    const wrong: string[] = [];
    /** PAR or ESR without its address, to see that everything came up. */
    const seen = new Map<bigint, number>();
    for (let left = FUZZ_TABLES; left > 0; left -= BATCH) {
      const rows = Array.from({ length: Math.min(left, BATCH) }, () => randomTable(rng));
      const image = makeImage(rows);
      const ours = runImageHere(image);
      const theirs = runImageUnderQemu(image);
      rows.forEach((row, i) => {
        ours[i]!.pars.forEach((par, form) => {
          const qemu = withArchitecturalSh(theirs[i]!.pars[form]!);
          const kind = (par & 1n) === 0n ? 0n : par & 0x8000_0000_fe00_0fffn;
          seen.set(kind, (seen.get(kind) ?? 0) + 1);
          if (par === qemu) return;
          const state = [row.va, row.tcr, row.ttbr, row.mair, row.pstate].map((v) =>
            v.toString(16),
          );
          const writes = row.writes.map(([at, v]) => `${at.toString(16)}=${v.toString(16)}`);
          wrong.push(
            `${i} ${FORMS[form]!} ours ${par.toString(16)} QEMU ${qemu.toString(16)}; VA TCR TTBR MAIR ` +
              `PSTATE ${state.join(" ")}; ${writes.join(" ")}`,
          );
        });
      });
    }
    expect(wrong.slice(0, 20)).toEqual([]);
    // Success, translation faults of all levels, access flag, permission, address size, aborts of the walk.
    expect(seen.size).toBeGreaterThan(15);
  });
});
