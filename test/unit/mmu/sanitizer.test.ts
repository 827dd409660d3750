import { describe, expect, it } from "vitest";
import {
  formatReport,
  MmuSanitizer,
  type MmuReport,
} from "../../../emulator/mmu/sanitizer/index.js";
import {
  AREA,
  AREA_B_L2,
  AREA_B_L3,
  AREA_L2,
  AREA_L3,
  at,
  DATA,
  El1Program,
  El1World,
  page,
  ROOT,
  ROOT_B,
  slot,
  TABLE,
  tlbiVa,
} from "../../support/el1-program.js";

/** Run a program under the sanitizer. */
function run(program: El1Program, setUp: (world: El1World) => void = () => undefined): MmuReport[] {
  const world = new El1World();
  for (const n of [0, 1, 2, 3]) world.map(n);
  setUp(world);
  const { machine } = world;
  const sanitizer = new MmuSanitizer(machine.mmu, machine.cpu);
  machine.mmu.setObserver(sanitizer);
  expect(world.run(program).kind).toBe("reached");
  return [...sanitizer.reports];
}

/** What a report says, shortly: rule, descriptor, label of the writer, label of the access. */
function summary(program: El1Program, reports: readonly MmuReport[]): unknown[] {
  const label = (pc: number): string =>
    program.labelAt(pc - 0x4000_0000) ?? `+0x${(pc - 0x4000_0000).toString(16)}`;
  return reports.map(({ rule, descriptor, register, writer, access }) => [
    rule,
    descriptor?.pa ?? register?.name ?? null,
    writer?.kind === "guest" ? label(writer.pc) : null,
    access?.place.kind === "guest" ? label(access.place.pc) : null,
  ]);
}

const P = AREA + 0x3000;
const mine = (va: number): bigint => tlbiVa(va, 1);

/** Changes page 3's descriptor, at label "write". */
const changes = (value: bigint): El1Program =>
  new El1Program().loadFrom(P).mov("x9", slot(3)).mov("x10", value).label("write").str("x10", "x9");

const removes = (): El1Program => changes(0n);

/** Uses page 3 at label "use". */
const uses = (p: El1Program): El1Program => p.mov("x9", P).label("use").ldr("x11", "x9");

describe("break before make", () => {
  const other = page(5);

  it.each([
    ["another address", page(5)],
    ["another memory type", page(3, DATA | (1n << 2n))],
    ["global", page(3, DATA & ~(1n << 11n))],
    ["contiguous", page(3, DATA | (1n << 52n))],
  ])("is needed for %s", (_, value) => {
    const program = changes(value).dsb("ishst").tlbiOf("vae1is", mine(P)).dsb("ish").isb();
    const found = run(program).filter(({ rule }) => rule !== "mismatched-attributes");
    expect(summary(program, found)).toEqual([["break-before-make", slot(3), "write", null]]);
  });

  it("is needed from table to block", () => {
    const program = new El1Program()
      .loadFrom(P)
      .mov("x9", AREA_L2)
      .mov("x10", 0x4020_0000n | DATA | 1n)
      .label("write")
      .str("x10", "x9")
      .dsb("ishst")
      .tlbi("vmalle1")
      .dsb("ish")
      .isb();
    expect(summary(program, run(program))).toEqual([["break-before-make", AREA_L2, "write", null]]);
  });

  it("is not needed for rights, the Access flag and software's bits", () => {
    for (const value of [
      page(3, DATA | (1n << 7n)), // read-only
      page(3, DATA & ~(1n << 10n)), // AF 0
      page(3, DATA | (15n << 55n)),
    ]) {
      const program = changes(value).dsb("ishst").tlbiOf("vae1", mine(P)).dsb("ish").isb();
      expect(run(program)).toEqual([]);
    }
  });

  it("is satisfied by invalid, DSB, TLBI, DSB, new", () => {
    const program = removes()
      .dsb("ishst")
      .tlbiOf("vale1is", mine(P))
      .dsb("ish")
      .isb()
      .store(slot(3), other)
      .dsb("ishst");
    expect(run(uses(program))).toEqual([]);
  });

  it("is not satisfied while the invalidation is incomplete", () => {
    const program = removes()
      .dsb("ishst")
      .tlbiOf("vale1is", mine(P))
      .mov("x9", slot(3))
      .mov("x10", other)
      .label("make")
      .str("x10", "x9")
      .dsb("ish")
      .isb();
    expect(summary(program, run(program))).toEqual([["break-before-make", slot(3), "make", null]]);
  });

  it("tells all about it", () => {
    const program = changes(other).dsb("ishst").tlbiOf("vae1is", mine(P)).dsb("ish").isb();
    const [report] = run(program);
    const pc = at(program, "write").toString(16);
    expect(formatReport(report!, (a) => program.labelAt(a - 0x4000_0000))).toEqual([
      "mmu: break-before-make: live translation changed without break-before-make",
      "  descriptor 0x40103018, level 3, for 0x80003000, ASID 1",
      "    was      0x0060000040303f03  page 0x40303000, EL1 rw- EL0 ---, Normal write-back, inner shareable, nG",
      "    is       0x0060000040305f03  page 0x40305000, EL1 rw- EL0 ---, Normal write-back, inner shareable, nG",
      `  written by pc 0x${pc} <write> (EL1, instruction 8)`,
      "  because    another output address",
      "  advice     write an invalid descriptor, `dsb ishst`, TLBI, `dsb ish`, and only then the new one",
      "  see        Arm ARM D8, Using break-before-make when updating translation table entries",
    ]);
  });
});

describe("maintenance of a removed page", () => {
  const cases: [string, string, (p: El1Program) => El1Program][] = [
    ["no TLBI", "missing-tlbi", (p) => p.dsb("ish").isb()],
    ["nothing at all", "missing-tlbi", (p) => p],
    [
      "another ASID",
      "tlbi-too-narrow",
      (p) => p.dsb("ishst").tlbiOf("vae1", tlbiVa(P, 2)).dsb("ish").isb(),
    ],
    [
      "another address",
      "tlbi-too-narrow",
      (p) =>
        p
          .dsb("ishst")
          .tlbiOf("vae1", mine(P + 0x1000))
          .dsb("ish")
          .isb(),
    ],
    [
      "another level",
      "tlbi-too-narrow",
      (p) =>
        p
          .dsb("ishst")
          .tlbiOf("vae1", tlbiVa(P, 1, 0b0110))
          .dsb("ish")
          .isb(),
    ],
    [
      "another granule's level 3",
      "tlbi-too-narrow",
      (p) =>
        p
          .dsb("ishst")
          .tlbiOf("aside1", 2n << 48n)
          .dsb("ish")
          .isb(),
    ],
    ["TLBI before DSB", "tlbi-before-dsb", (p) => p.tlbiOf("vae1", mine(P)).dsb("ish").isb()],
    [
      "only DSB for loads before",
      "tlbi-before-dsb",
      (p) => p.dsb("ishld").tlbiOf("vae1", mine(P)).dsb("ish").isb(),
    ],
    ["no DSB after", "tlbi-without-dsb", (p) => p.dsb("ishst").tlbiOf("vae1", mine(P)).isb()],
    [
      "only DSB for stores after",
      "tlbi-without-dsb",
      (p) => p.dsb("ishst").tlbiOf("vae1", mine(P)).dsb("ishst").isb(),
    ],
    [
      "a range that ends before",
      "tlbi-too-narrow",
      (p) =>
        p
          .dsb("ishst")
          .tlbiOf("rvae1", range(AREA, 0, 0, 1))
          .dsb("ish")
          .isb(),
    ],
  ];

  it.each(cases)("%s: %s", (_, rule, maintain) => {
    const program = uses(maintain(removes()));
    expect(summary(program, run(program))).toEqual([[rule, slot(3), "write", "use"]]);
  });

  const right: [string, (p: El1Program) => El1Program][] = [
    ["vae1", (p) => p.tlbiOf("vae1", mine(P))],
    ["vae1 of this level", (p) => p.tlbiOf("vae1", tlbiVa(P, 1, 0b0111))],
    ["vale1is", (p) => p.tlbiOf("vale1is", mine(P))],
    ["vaae1", (p) => p.tlbiOf("vaae1", tlbiVa(P))],
    ["vaale1is", (p) => p.tlbiOf("vaale1is", tlbiVa(P))],
    ["aside1", (p) => p.tlbiOf("aside1", 1n << 48n)],
    ["vmalle1", (p) => p.tlbi("vmalle1")],
    ["rvae1", (p) => p.tlbiOf("rvae1", range(AREA, 0, 1, 1))],
    ["rvaale1", (p) => p.tlbiOf("rvaale1", range(AREA, 0, 1, 0))],
  ];

  it.each(right)("%s between two DSBs: silent", (_, tlbi) => {
    expect(run(uses(tlbi(removes().dsb("ishst")).dsb("ish").isb()))).toEqual([]);
  });

  it("a global page is of every ASID, and of none", () => {
    const setUp = (world: El1World): void => {
      world.map(3, 3, DATA & ~(1n << 11n));
    };
    const wrong = uses(
      removes()
        .dsb("ishst")
        .tlbiOf("aside1", 1n << 48n)
        .dsb("ish")
        .isb(),
    );
    expect(summary(wrong, run(wrong, setUp))).toEqual([
      ["tlbi-too-narrow", slot(3), "write", "use"],
    ]);
    const right = uses(removes().dsb("ishst").tlbiOf("vae1", tlbiVa(P, 77)).dsb("ish").isb());
    expect(run(right, setUp)).toEqual([]);
  });

  it("matters to the accesses that it changes: a page made read-only is read as before", () => {
    const program = (): El1Program => changes(page(3, DATA | (1n << 7n))).dsb("ishst");
    expect(run(uses(program()))).toEqual([]);
    const writes = program().mov("x9", P).label("use").str("x9", "x9");
    expect(summary(writes, run(writes))).toEqual([["missing-tlbi", slot(3), "write", "use"]]);
  });

  it("says how the TLBI fell short, and what would happen", () => {
    const program = uses(
      removes()
        .dsb("ishst")
        .mov("x9", tlbiVa(P, 2))
        .label("tlbi")
        .tlbi("vale1is", "x9")
        .dsb("ish")
        .isb(),
    );
    const [report] = run(program);
    expect(report?.maintenance?.text).toBe(
      "TLBI VALE1 of 0x80003000, ASID 2: the entry is of ASID 1",
    );
    expect(report?.maintenance?.place).toMatchObject({ pc: at(program, "tlbi") });
    expect(report?.access).toMatchObject({
      place: { kind: "guest", pc: at(program, "use"), el: 1 },
      va: P,
      what: "read",
      stale: "0x40303000 as Normal write-back, inner shareable",
      now: "translation fault, level 3",
    });
  });
});

describe("a table that is unlinked", () => {
  const unlinks = (): El1Program =>
    new El1Program()
      .loadFrom(P)
      .store(slot(0), 0n)
      .store(slot(1), 0n)
      .store(slot(2), 0n)
      .store(slot(3), 0n)
      .mov("x9", AREA_L2)
      .label("write")
      .str("xzr", "x9")
      .dsb("ishst");
  /** The page gets a descriptor that a stale walk would take for one. */
  const reuses = (p: El1Program): El1Program =>
    p.mov("x9", slot(7)).mov("x10", page(4)).label("reuse").str("x10", "x9");

  it("stays in walk caches after TLBIs with L", () => {
    const program = reuses(
      unlinks()
        .tlbiOf("rvale1", range(AREA, 0, 1, 1))
        .dsb("ish")
        .isb(),
    );
    const found = run(program);
    expect(summary(program, found)).toEqual([["table-in-use", slot(7), "reuse", null]]);
    expect(found[0]?.maintenance?.text).toBe(
      "TLBI RVALE1 of 0x80000000 to 0x80004000, ASID 1: a table descriptor changed, which the forms with L leave in walk caches",
    );
  });

  it("and an access through them is found", () => {
    const program = unlinks()
      .tlbiOf("rvale1", range(AREA, 0, 1, 1))
      .dsb("ish")
      .isb()
      .store(slot(7), page(4))
      .mov("x9", AREA + 0x7000)
      .label("use")
      .ldr("x11", "x9");
    expect(summary(program, run(program))).toContainEqual([
      "tlbi-too-narrow",
      AREA_L2,
      "write",
      "use",
    ]);
  });

  it("is free after a TLBI without L", () => {
    expect(
      run(
        reuses(
          unlinks()
            .tlbiOf("rvae1", range(AREA, 0, 1, 1))
            .dsb("ish")
            .isb(),
        ),
      ),
    ).toEqual([]);
  });

  it("with entries in it needs TLBIs for them, too", () => {
    const program = new El1Program()
      .loadFrom(P)
      .mov("x9", AREA_L2)
      .label("write")
      .str("xzr", "x9")
      .dsb("ishst")
      .tlbiOf("vae1", mine(AREA))
      .dsb("ish")
      .isb();
    expect(summary(program, run(uses(program)))).toEqual([
      ["tlbi-too-narrow", slot(3), "write", "use"],
    ]);
  });

  it("is no place for data: a store at EL0 to a table in use is reported at once", () => {
    const program = new El1Program()
      .mov("x9", 0x1234_5679)
      .mov("x10", AREA + 0x5000 + 8 * 7)
      .mov("x0", { label: "user" })
      .msr("ELR_EL1", "x0")
      .msr("SPSR_EL1", "xzr")
      .eret()
      .label("user")
      .str("x9", "x10");
    const found = run(program, (world) => {
      const readOnly = (1n << 10n) | (3n << 8n) | (3n << 6n) | 1n;
      world.write(0x4010_1000, 0x4000_0000n | readOnly);
      world.write(slot(5), BigInt(AREA_L3) | DATA | (1n << 6n) | 3n);
    });
    expect(summary(program, found)).toEqual([["table-in-use", slot(7), "user", null]]);
  });
});

describe("a new page", () => {
  const maps = (): El1Program =>
    new El1Program().mov("x9", slot(7)).mov("x10", page(4)).label("write").str("x10", "x9");
  const uses7 = (p: El1Program): El1Program =>
    p
      .mov("x9", AREA + 0x7000)
      .label("use")
      .ldr("x11", "x9");

  it("is used after a DSB", () => {
    const wrong = uses7(maps().isb());
    expect(summary(wrong, run(wrong))).toEqual([["write-without-dsb", slot(7), "write", "use"]]);
    expect(run(uses7(maps().dsb("ishst")))).toEqual([]);
  });

  it("of code after an ISB, too", () => {
    const code = DATA & ~(3n << 53n);
    const program = (sync: (p: El1Program) => El1Program): El1Program =>
      sync(
        new El1Program()
          .mov("x9", slot(7))
          .mov("x10", page(4, code))
          .label("write")
          .str("x10", "x9")
          .dsb("ish"),
      )
        .mov("x9", AREA + 0x7000)
        .blr("x9");
    const setUp = (world: El1World): void => {
      world.write(0x4030_4000, 0xd65f_03c0n); // ret
    };
    const wrong = program((p) => p);
    const [report, ...others] = run(wrong, setUp);
    expect(others).toEqual([]);
    expect(report).toMatchObject({
      rule: "missing-isb",
      access: { what: "fetch", va: AREA + 0x7000 },
    });
    expect(
      run(
        program((p) => p.isb()),
        setUp,
      ),
    ).toEqual([]);
  });
});

describe("the context", () => {
  const toB = (p: El1Program, asid: bigint): El1Program =>
    p
      .mov("x1", BigInt(ROOT_B) | (asid << 48n))
      .label("msr")
      .msr("TTBR0_EL1", "x1");
  const withB = (world: El1World): void => {
    world.map(3, 6, DATA, AREA_B_L3);
  };

  it("is used after an ISB", () => {
    const wrong = uses(toB(new El1Program().loadFrom(P), 2n));
    expect(summary(wrong, run(wrong, withB))).toEqual([
      ["context-without-isb", "TTBR0_EL1", "msr", "use"],
    ]);
    const right = uses(toB(new El1Program().loadFrom(P), 2n).isb());
    expect(run(right, withB)).toEqual([]);
  });

  it("an exception return is as good", () => {
    const program = uses(
      toB(new El1Program().loadFrom(P), 2n)
        .mov("x0", { label: "back" })
        .msr("ELR_EL1", "x0")
        .mov("x0", 5)
        .msr("SPSR_EL1", "x0")
        .eret()
        .label("back"),
    );
    expect(run(program, withB)).toEqual([]);
  });

  it("needs another ASID, or an invalidated one", () => {
    const wrong = uses(toB(new El1Program().loadFrom(P), 1n).isb());
    expect(summary(wrong, run(wrong, withB))).toEqual([["asid-reuse", slot(3), "msr", "use"]]);
    // Invalidated while the old tables are parked away.
    const parks = new El1Program()
      .loadFrom(P)
      .mov("x1", BigInt(ROOT) | (9n << 48n))
      .msr("TTBR0_EL1", "x1")
      .isb()
      .tlbiOf("aside1", 1n << 48n)
      .dsb("ish");
    expect(run(uses(toB(parks, 1n).isb()), withB)).toEqual([]);
  });

  it("an entry that is global by mistake matches in the other address space", () => {
    const program = uses(toB(new El1Program().loadFrom(P), 2n).isb());
    const found = run(program, (world) => {
      withB(world);
      world.map(3, 3, DATA & ~(1n << 11n));
    });
    expect(summary(program, found)).toEqual([["tlb-conflict", slot(3), "msr", "use"]]);
  });
});

describe("the tables of an address space that is gone", () => {
  /** Parked at B, ASID 2, with the entries of ASID 1 invalidated. */
  const leaves = (): El1Program =>
    new El1Program()
      .loadFrom(P)
      .mov("x1", BigInt(ROOT_B) | (2n << 48n))
      .label("msr")
      .msr("TTBR0_EL1", "x1")
      .isb()
      .tlbiOf("aside1", 1n << 48n)
      .dsb("ish")
      .isb();
  const GLOBAL = DATA & ~(1n << 11n);

  it("are memory like any other, though a global page of theirs may be in the TLB", () => {
    // What looks like a table descriptor, then like a page, where descriptors were.
    const program = leaves()
      .store(AREA_L2, 0x1003n)
      .store(AREA_L2, 0x7b1n)
      .store(slot(1), 0x2003n)
      .dsb("ish")
      .isb();
    expect(
      run(program, (world) => {
        world.map(3, 3, GLOBAL);
      }),
    ).toEqual([]);
  });

  it("are forgotten when the next address space has their global pages, too", () => {
    const world = new El1World();
    world.map(3, 3, GLOBAL);
    world.write(AREA_B_L2, BigInt(AREA_L3) | TABLE);
    const { machine } = world;
    const sanitizer = new MmuSanitizer(machine.mmu, machine.cpu);
    machine.mmu.setObserver(sanitizer);
    const roots = (): number[] => sanitizer.tables.roots.map(({ pa }) => pa);
    expect(roots()).toContain(ROOT);
    expect(world.run(uses(leaves())).kind).toBe("reached");
    expect(roots()).not.toContain(ROOT);
    expect(sanitizer.reports).toEqual([]);
  });

  it("but a global page that only they had still matches", () => {
    const program = uses(leaves());
    const found = run(program, (world) => {
      world.map(3, 6, DATA, AREA_B_L3);
      world.map(3, 3, GLOBAL);
    });
    expect(summary(program, found)).toEqual([["tlb-conflict", slot(3), "msr", "use"]]);
  });
});

describe("entries that do not agree", () => {
  const CONTIGUOUS = DATA | (1n << 52n);

  it("a group with the Contiguous bit is whole", () => {
    const group = (world: El1World, count: number): void => {
      for (let i = 0; i < count; i++) world.map(i, 0x10 + i, CONTIGUOUS);
    };
    const program = uses(new El1Program());
    expect(run(program, (world) => { group(world, 16); })).toEqual([]); // prettier-ignore
    const found = run(program, (world) => { group(world, 15); }); // prettier-ignore
    expect(summary(program, found)).toEqual([["tlb-conflict", slot(15), null, "use"]]);
    expect(found[0]?.detail).toBe("entry 15 of a group of 16 with the Contiguous bit is invalid");
  });

  it("one page has one memory type", () => {
    const program = (attributes: bigint): El1Program =>
      new El1Program()
        .mov("x9", slot(7))
        .mov("x10", page(3, attributes))
        .label("write")
        .str("x10", "x9")
        .dsb("ish");
    expect(run(program(DATA))).toEqual([]);
    expect(run(program(DATA | (1n << 7n)))).toEqual([]);
    const device = program(DATA | (2n << 2n));
    const found = run(device);
    expect(summary(device, found)).toEqual([["mismatched-attributes", slot(7), "write", null]]);
  });
});

/** Operand of a TLBI by range, 4 KiB granule. */
function range(va: number, scale: number, num: number, asid: number): bigint {
  return (
    (BigInt(asid) << 48n) |
    (1n << 46n) |
    (BigInt(scale) << 44n) |
    (BigInt(num) << 39n) |
    BigInt(va / 0x1000)
  );
}
