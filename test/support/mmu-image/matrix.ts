import {
  AF,
  ap,
  buildChain,
  CONTIGUOUS,
  DBM,
  EL0,
  EL1,
  GRANULES,
  NG,
  PAN,
  PXN,
  rowOf,
  tcrFor,
  UAO,
  UXN,
  type Chain,
} from "./chain.js";
import { FRAME, type MmuRow, type OperationName } from "./image.js";

/** A row with what it is about, for reports and for the list of differences. */
export interface NamedRow {
  readonly name: string;
  readonly row: MmuRow;
}

const WXN = 1n << 19n;
const SCTLR_A = 1n << 1n;
const DZE = 1n << 14n;
const UCI = 1n << 26n;
const HA = 1n << 39n;
const HD = 1n << 40n;

type Named = (name: string, row: MmuRow) => void;

/** A size of the address space for each granule that walks all its levels. */
const TXSZ = { "4K": 16, "16K": 16, "64K": 16 } as const;

const DATA = 0x840;
/** Zeroes. */
const EMPTY = FRAME + 0x10_0000;
const ATTRIBUTES = [0, 1, 2, 3].flatMap((value) =>
  [0n, UXN, PXN, UXN | PXN].map((never) => AF | ap(value) | never),
);
const EL1_STEPS = ["ldr", "str", "ldtr", "sttr", "ldadd", "br", "at all"] as const;
const EL0_STEPS = ["ldr", "str", "cas", "br"] as const;

const isFetch = (step: OperationName): boolean => step === "br";
const hexOf = (value: bigint): string => value.toString(16);

/** Every leaf with every permission, every way to use it. */
function permissions(add: Named): void {
  for (const granule of GRANULES) {
    for (const level of granule.leaves) {
      for (const leaf of ATTRIBUTES) {
        const name = `${granule.name} L${level} ${hexOf(leaf)}`;
        const chain = (step: OperationName): Chain => {
          return {
            granule,
            txsz: TXSZ[granule.name],
            level,
            leaf,
            offset: isFetch(step) ? 0 : DATA,
          };
        };
        const each = (
          steps: readonly OperationName[],
          el: string,
          pstate: bigint,
          sctlr = 0n,
        ): void => {
          for (const step of steps) {
            add(`${name} ${step} ${el}`, rowOf(chain(step), step, pstate, { sctlr }));
          }
        };
        each(EL1_STEPS, "EL1", EL1);
        each(EL0_STEPS, "EL0", EL0);
        each(["ldr", "str", "swp", "ldtr", "sttr", "br", "at all"], "EL1 PAN", EL1 | PAN);
        each(["br", "str"], "EL1 WXN", EL1, WXN);
        each(["br"], "EL0 WXN", EL0, WXN);
        each(["ldtr", "sttr"], "EL1 UAO", EL1 | UAO);
      }
    }
  }
}

/** What table descriptors take away, and HPD gives back. */
function hierarchy(add: Named): void {
  for (const granule of GRANULES) {
    for (let bits = 0; bits < 16; bits++) {
      const table = BigInt(bits) << 59n;
      for (const hpd of [0n, 1n]) {
        for (const leaf of [AF | ap(1), AF | ap(0)]) {
          const name = `${granule.name} tables ${bits} HPD ${hpd} ${hexOf(leaf)}`;
          for (const [step, pstate] of [
            ["ldr", EL0],
            ["str", EL0],
            ["br", EL0],
            ["str", EL1],
            ["br", EL1],
          ] as const) {
            const offset = isFetch(step) ? 0 : DATA;
            const chain = { granule, txsz: TXSZ[granule.name], leaf, table, offset };
            add(`${name} ${step} ${pstate}`, rowOf(chain, step, pstate, { tcr: hpd << 41n }));
          }
        }
      }
    }
  }
}

/** Every TxSZ, for an address in range, for the first one out of range, and for both halves. */
function sizes(add: Named): void {
  for (const granule of GRANULES) {
    for (let txsz = 0; txsz < 64; txsz++) {
      for (const half of [0, 1] as const) {
        const legal = Math.min(Math.max(txsz, granule.name === "64K" ? 12 : 16), 47);
        const chain = { granule, txsz: legal, half, leaf: AF | ap(1), offset: DATA };
        const { va, tcr } = buildChain(chain);
        const mask = tcrFor({ ...granule, tg0: 0n, tg1: 0n }, 63, half) & ~(7n << 32n);
        const sized = (tcr & ~mask) | tcrFor(granule, txsz, half);
        const row = rowOf(chain, "ldr", EL1);
        add(`${granule.name} T${half}SZ ${txsz}`, { ...row, tcr: sized });
        const outside = va ^ (1n << BigInt(64 - legal));
        add(`${granule.name} T${half}SZ ${txsz} outside`, { ...row, tcr: sized, va: outside });
      }
    }
  }
}

/** Invalid, reserved and misplaced descriptors at every level, and addresses beyond IPS. */
function descriptors(add: Named): void {
  const IPS_BITS = [32, 36, 40, 42, 44, 48];
  for (const granule of GRANULES) {
    const txsz = TXSZ[granule.name];
    const first = granule.name === "64K" ? 1 : 0;
    for (let level = first; level <= 3; level++) {
      for (const kind of [0n, 1n, 2n, 3n]) {
        // A table of zeroes.
        const target = kind === 3n && level < 3 ? EMPTY : FRAME;
        const leaf = BigInt(target) | AF | ap(1) | kind;
        const chain = { granule, txsz, level, leaf, raw: true, offset: DATA };
        const isReserved = kind === 1n && !granule.leaves.includes(level);
        const isBlock = kind === 1n && level < 3;
        const name = `${granule.name} L${level} kind ${kind}${isReserved && isBlock ? " illegal block" : ""}`;
        for (const step of ["ldr", "str", "br", "ldadd", "at all"] as const) {
          add(`${name} ${step}`, rowOf(chain, step, EL1));
        }
      }
      IPS_BITS.forEach((bits, ips) => {
        // The board has devices from 2^39 to 2^40.
        for (const bit of [bits === 40 ? 38 : bits - 1, bits, 47]) {
          if (bit < 32 || bit > 47) continue;
          const address = BigInt(FRAME) | (1n << BigInt(bit));
          const type = granule.leaves.includes(level) ? (level === 3 ? 3n : 1n) : 3n;
          const isLeaf = type === 1n || level === 3;
          const size = 1n << BigInt(granule.shifts[level as 0 | 1 | 2 | 3]);
          const leaf = (isLeaf ? address & ~(size - 1n) : address) | AF | ap(1) | type;
          const chain = { granule, txsz, level, leaf, raw: true, offset: DATA };
          const { tcr } = buildChain(chain);
          const row = rowOf(chain, "ldr", EL1);
          const sized = (tcr & ~(7n << 32n)) | (BigInt(ips) << 32n);
          add(`${granule.name} L${level} IPS ${ips} bit ${bit}`, { ...row, tcr: sized });
          add(`${granule.name} L${level} IPS ${ips} bit ${bit} AT`, {
            ...row,
            tcr: sized,
            operation: "at all",
          });
          const ttbr = row.ttbr | (1n << BigInt(bit));
          if (level === 3)
            add(`${granule.name} IPS ${ips} TTBR bit ${bit}`, { ...row, tcr: sized, ttbr });
        }
      });
    }
  }
}

/** Access flag and dirty state, by fault and by hardware. */
function flags(add: Named): void {
  for (const granule of GRANULES) {
    for (const level of granule.leaves) {
      for (const flag of [0n, AF]) {
        for (const value of [0, 1, 2, 3]) {
          for (const dbm of [0n, DBM]) {
            for (const [managed, tcr] of [
              ["", 0n],
              ["HA", HA],
              ["HA HD", HA | HD],
            ] as const) {
              const leaf = flag | ap(value) | dbm | NG;
              const name = `${granule.name} L${level} ${managed} ${hexOf(leaf)}`;
              const chain = { granule, txsz: TXSZ[granule.name], level, leaf, offset: DATA };
              for (const [step, pstate] of [
                ["ldr", EL1],
                ["str", EL1],
                ["str", EL0],
                ["ldadd", EL1],
                ["at all", EL1],
              ] as const) {
                add(
                  `flags ${name} ${step} EL${pstate === EL0 ? 0 : 1}`,
                  rowOf(chain, step, pstate, { tcr }),
                );
              }
            }
          }
        }
      }
    }
  }
}

/** TBI, TBID, EPD, E0PD. */
function controls(add: Named): void {
  for (const granule of GRANULES) {
    for (const half of [0, 1] as const) {
      const chain = { granule, txsz: 25, half, leaf: AF | ap(3) };
      const h = BigInt(half);
      const options: readonly (readonly [string, bigint])[] = [
        ["plain", 0n],
        ["TBI", 1n << (37n + h)],
        ["TBI TBID", (1n << (37n + h)) | (1n << (51n + h))],
        ["EPD", half === 0 ? 1n << 7n : 1n << 23n],
        ["E0PD", 1n << (55n + h)],
        ["A1", 1n << 22n],
        ["AS", 1n << 36n],
      ];
      for (const [name, tcr] of options) {
        for (const tag of [0n, 0x5an, 0xffn]) {
          for (const [step, pstate] of [
            ["ldr", EL0],
            ["ldr", EL1],
            ["br", EL0],
            ["br", EL1],
            ["ldtr", EL1],
            ["dc zva", EL1],
            ["at all", EL1],
          ] as const) {
            const row = rowOf({ ...chain, offset: isFetch(step) ? 0 : DATA }, step, pstate, {
              tcr,
            });
            const va = row.va ^ (tag << 56n);
            const title = `${granule.name} half ${half} ${name} tag ${tag} ${step} EL${pstate === EL0 ? 0 : 1}`;
            add(title, { ...row, va });
          }
        }
      }
    }
  }
}

const ACCESSES: readonly OperationName[] = [
  ...(["ldrb", "ldrh", "ldrw", "ldr", "ldrq", "ldp", "ld1", "ldtr", "ldar", "ldxr"] as const),
  ...(["strb", "strh", "str", "strq", "stp", "sttr", "stlr"] as const),
  ...(["ldadd", "swp", "cas", "casp", "dc zva", "prfm"] as const),
];

/** Memory types, alignment, page crossings, cache maintenance, misaligned PCs. */
function accesses(add: Named): void {
  const granule = GRANULES[0]!;
  // AttrIndx of NORMAL_MAIR: 0 write-back, 1 nGnRnE, 2 non-cacheable, 4 GRE.
  for (const index of [0, 1, 2, 4]) {
    for (const offset of [0x840, 0x841, 0x844, 0x848]) {
      for (const value of [1, 3, 0]) {
        const leaf = AF | ap(value) | (BigInt(index) << 2n) | UXN | PXN;
        const chain = { granule, txsz: 16, leaf, offset };
        for (const step of ACCESSES) {
          const name = `type ${index} +${offset.toString(16)} AP ${value} ${step}`;
          add(`${name} EL1`, rowOf(chain, step, EL1));
          add(`${name} EL0`, rowOf(chain, step, EL0, { sctlr: DZE }));
          if (index === 0) add(`${name} SCTLR.A`, rowOf(chain, step, EL1, { sctlr: SCTLR_A }));
        }
      }
    }
  }
  // The first page has rights or not, the second is not mapped; and the other way round.
  for (const step of ACCESSES) {
    for (const leaf of [AF | ap(1), AF | ap(3), AF | ap(0), 0n]) {
      const chain = { granule, txsz: 16, leaf, offset: 0xffe };
      add(`crossing out ${hexOf(leaf)} ${step}`, rowOf(chain, step, EL0));
      const row = rowOf({ ...chain, offset: 0 }, step, EL0);
      add(`crossing in ${hexOf(leaf)} ${step}`, { ...row, va: row.va - 2n });
    }
  }
  for (const step of ["dc cvac", "dc civac", "dc ivac", "ic ivau"] as const) {
    for (const [kind, leaf] of [
      ["AP1", AF | ap(1)],
      ["AP3", AF | ap(3)],
      ["AP0", AF | ap(0)],
      ["old", ap(1)],
      ["invalid", null],
    ] as const) {
      for (const [el, pstate] of [
        ["EL0", EL0],
        ["EL1", EL1],
        ["EL1 PAN", EL1 | PAN],
      ] as const) {
        const base = { granule, txsz: 16, offset: 0x844 };
        const chain = leaf === null ? { ...base, leaf: 0n, raw: true } : { ...base, leaf };
        add(`maintenance ${kind} ${step} ${el}`, rowOf(chain, step, pstate, { sctlr: UCI }));
      }
    }
  }
  for (const offset of [0, 2, 3]) {
    for (const leaf of [AF | ap(3), 0n]) {
      for (const pstate of [EL0, EL1]) {
        const chain = { granule, txsz: 16, leaf, offset };
        add(`PC +${offset} ${hexOf(leaf)} EL${pstate === EL0 ? 0 : 1}`, rowOf(chain, "br", pstate));
      }
    }
  }
}

/** What AT tells of every memory type and shareability; the contiguous hint changes nothing. */
function types(add: Named): void {
  const granule = GRANULES[0]!;
  for (let attr = 0; attr < 256; attr++) {
    for (const sh of [0n, 2n, 3n]) {
      const leaf = AF | ap(1) | (sh << 8n) | (1n << 2n) | (attr % 2 === 0 ? CONTIGUOUS : 0n);
      const row = rowOf({ granule, txsz: 16, leaf }, "s1e1w", EL1);
      add(`PAR type ${attr} SH ${sh}`, { ...row, mair: 0xffn | (BigInt(attr) << 8n) });
    }
  }
}

export function matrixRows(): NamedRow[] {
  const rows: NamedRow[] = [];
  const add: Named = (name, row) => void rows.push({ name, row });
  for (const section of [
    permissions,
    hierarchy,
    sizes,
    descriptors,
    flags,
    controls,
    accesses,
    types,
  ]) {
    section(add);
  }
  return rows;
}
