import fc from "fast-check";
import { describe, it } from "vitest";
import {
  armFastFault,
  pmapChangeWiring,
  pmapClearRefmod,
  pmapDestroy,
  pmapDisconnect,
  pmapEnter,
  pmapFindPhys,
  pmapPageProtect,
  pmapProtect,
  pmapRemove,
  PMAP_OPTIONS_COMPRESSOR,
  PMAP_OPTIONS_INTERNAL,
  type Pmap,
} from "../../vm/pmap/index.js";
import {
  VM_PROT_EXECUTE,
  VM_PROT_NONE,
  VM_PROT_READ,
  VM_PROT_WRITE,
  type VmOffset,
  type VmProt,
} from "../../vm/types.js";
import { assertNoReports } from "../support/no-reports.js";
import { page } from "../support/pmap-bench.js";
import { StrictPmaps } from "../support/strict-pmap.js";

/** Random operations of the pmap, with accesses between them: the MMU sanitizer has nothing to say. */

const RW: VmProt = VM_PROT_READ | VM_PROT_WRITE;
const RX: VmProt = VM_PROT_READ | VM_PROT_EXECUTE;
const PAGES = 10;
const FRAMES = 5;

/** On both sides of a twig (32 MiB) boundary. */
function va(n: number): VmOffset {
  return page(n < PAGES / 2 ? 1 + n : 2048 - PAGES / 2 + n);
}

class World extends StrictPmaps {
  pmaps: readonly Pmap[] = [this.user(), this.user()];
}

type Step = (w: World) => void;
const which = fc.nat(1);
const at = fc.nat(PAGES - 1);
const frame = fc.nat(FRAMES - 1);
const range = fc.tuple(at, at).map(([x, y]) => [Math.min(x, y), Math.max(x, y)] as const);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(which, at, frame, fc.constantFrom<VmProt>(VM_PROT_READ, RW, RX), fc.boolean())
      .map(([q, n, f, prot, writes]): Step => (w) => {
        const fault: VmProt = writes ? prot : VM_PROT_READ;
        pmapEnter(w.pmaps[q]!, va(n), w.frame(f), prot, fault, 0, false, PMAP_OPTIONS_INTERNAL);
      }),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(which, at, fc.boolean()).map(([q, n, writes]): Step => (w) => {
      w.use(w.pmaps[q]!);
      if (writes) w.write(va(n));
      else w.read(va(n));
    }),
  },
  fc.tuple(which, range).map(([q, [x, y]]): Step => (w) => {
    pmapRemove(w.pmaps[q]!, va(x), va(y));
  }),
  fc
    .tuple(which, range, fc.constantFrom<VmProt>(VM_PROT_NONE, VM_PROT_READ, RX))
    .map(([q, [x, y], prot]): Step => (w) => {
      pmapProtect(w.pmaps[q]!, va(x), va(y), prot);
    }),
  fc.tuple(frame, fc.constantFrom<VmProt>(VM_PROT_READ, RX)).map(([f, prot]): Step => (w) => {
    pmapPageProtect(w.system, w.frame(f), prot);
  }),
  fc.tuple(frame, fc.boolean()).map(([f, compress]): Step => (w) => {
    pmapDisconnect(w.system, w.frame(f), compress ? PMAP_OPTIONS_COMPRESSOR : 0);
  }),
  fc.tuple(frame, fc.integer({ min: 1, max: 3 })).map(([f, mask]): Step => (w) => {
    pmapClearRefmod(w.system, w.frame(f), mask);
  }),
  fc.tuple(which, at, fc.boolean()).map(([q, n, writes]): Step => (w) => {
    armFastFault(w.pmaps[q]!, va(n), writes ? RW : VM_PROT_READ);
  }),
  fc.tuple(which, at, fc.boolean()).map(([q, n, wired]): Step => (w) => {
    if (pmapFindPhys(w.pmaps[q]!, va(n)) !== 0) pmapChangeWiring(w.pmaps[q]!, va(n), wired);
  }),
  fc.tuple(which).map(([q]): Step => (w) => {
    const old = w.pmaps[q]!;
    w.use(w.pmaps[1 - q]!);
    pmapRemove(old, va(0), page(4096));
    pmapDestroy(old);
    w.pmaps = w.pmaps.map((pmap, i) => (i === q ? w.user() : pmap));
  }),
);

describe("two address spaces on a checked MMU", () => {
  it.each([
    ["strict", "strict"],
    ["adversarial", { adversarial: 3 }],
  ] as const)("%s: every rule is kept at every step", (_, mmu) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40, size: "max" }), (steps) => {
        const world = new World(mmu);
        for (const pmap of world.pmaps) world.use(pmap);
        for (const run of steps) {
          run(world);
          assertNoReports(world.check());
        }
      }),
      { numRuns: 12 },
    );
  });
});
