import type { NamedRow } from "./matrix.js";
import type { MmuOutcome, OperationName } from "./image.js";

/**
 * Where QEMU 7.2 departs from the architecture, and what the architecture says there. Whatever is not named
 * here must come out the same.
 */
export interface Difference {
  readonly rule: string;
  readonly concerns: (row: NamedRow) => boolean;
  /** What must come out, as far as the rule tells. */
  readonly expected: (row: NamedRow, ours: MmuOutcome) => Partial<MmuOutcome>;
}

const EL0_PSTATE = 0n;
const SVC_DONE = 0x5600_0055n;
const STORES: ReadonlySet<OperationName> = new Set([
  ...(["strb", "strh", "str", "strq", "stp", "sttr", "stlr", "dc zva"] as const),
]);
const ATOMICS: ReadonlySet<OperationName> = new Set(["ldadd", "swp", "cas", "casp"] as const);
/** Bytes that an access has to be aligned to on Device memory. */
const UNIT: Partial<Record<OperationName, bigint>> = {
  ...{ ldrb: 1n, ldrh: 2n, ldrw: 4n, ldr: 8n, ldrq: 16n, ldp: 8n, ld1: 2n, ldtr: 8n, ldar: 8n },
  ...{ strb: 1n, strh: 2n, str: 8n, strq: 16n, stp: 8n, sttr: 8n, stlr: 8n },
  ...{ ldadd: 8n, swp: 8n, cas: 8n, casp: 16n },
};

const isEl0 = ({ row }: NamedRow): boolean => row.pstate === EL0_PSTATE;

/** ESR_EL1 of an abort. */
function abort(of: NamedRow, status: number, isWrite: boolean, isMaintenance = false): bigint {
  const isFetch = of.row.operation === "br";
  const ec = (isFetch ? 0x21 : 0x25) - (isEl0(of) ? 1 : 0);
  const iss = (isWrite && !isFetch ? 0x40 : 0) | (isMaintenance ? 0x140 : 0) | status;
  return (BigInt(ec) << 26n) | (1n << 25n) | BigInt(iss);
}

const word = ({ name }: NamedRow, n: number): string => name.split(" ")[n] ?? "";
const typeOf = (row: NamedRow): number => Number(word(row, 1));
const apOf = (row: NamedRow): number => Number(word(row, 4));
const isType = (row: NamedRow): boolean => row.name.startsWith("type ");
const isDevice = (row: NamedRow): boolean => [1, 4].includes(typeOf(row));

export const DIFFERENCES: readonly Difference[] = [
  {
    rule: "a block descriptor at a level that allows none is a translation fault of that level",
    concerns: ({ name }) => name.includes("illegal block"),
    expected(of) {
      const status = 0x04 + Number(/ L(\d) /.exec(of.name)![1]);
      if (of.row.operation !== "at all") {
        return { esr: abort(of, status, of.row.operation === "str"), far: of.row.va };
      }
      const par = 0x801n | BigInt(status << 1);
      return { esr: SVC_DONE, pars: Array.from({ length: 6 }, () => par) };
    },
  },
  {
    rule: "an access to Device memory that is not aligned, or any DC ZVA, is an alignment fault, before permissions",
    concerns: (of) =>
      isType(of) &&
      isDevice(of) &&
      (of.row.operation === "dc zva" || of.row.va % (UNIT[of.row.operation] ?? 1n) !== 0n),
    expected: (of) => ({
      esr: abort(of, 0x21, STORES.has(of.row.operation)),
      far: of.row.va,
    }),
  },
  {
    rule: "with FEAT_LSE2, which QEMU 7.2 lacks, ordered and atomic accesses may be unaligned within 16 bytes",
    concerns: (of) =>
      isType(of) &&
      !isDevice(of) &&
      !of.name.endsWith("SCTLR.A") &&
      ["ldar", "stlr", "ldadd", "swp", "cas"].includes(of.row.operation) &&
      of.row.va % 8n !== 0n,
    expected(of) {
      const { operation } = of.row;
      const crosses = (of.row.va % 16n) + 8n > 16n;
      if (crosses) return { esr: abort(of, 0x21, operation === "stlr") };
      if (isEl0(of) && apOf(of) === 0) return { esr: abort(of, 0x0f, operation === "stlr") };
      const writes = operation === "stlr" || ATOMICS.has(operation);
      return { esr: writes && apOf(of) === 3 ? abort(of, 0x0f, true) : SVC_DONE };
    },
  },
  {
    rule: "a misaligned PC comes before whatever is wrong with the page",
    concerns: ({ name, row }) => name.startsWith("PC ") && row.va % 4n !== 0n,
    expected: ({ row }) => ({ esr: 0x8a00_0000n, far: row.va }),
  },
  {
    rule: "PAR_EL1.SH is outer shareable for Device and for non-cacheable memory",
    concerns({ name }) {
      const attr = Number(/^PAR type (\d+) /.exec(name)?.[1] ?? -1);
      return attr === 0x44 || (attr >= 0 && attr < 16);
    },
    expected({ row }) {
      const attr = (row.mair >> 8n) & 0xffn;
      return { esr: SVC_DONE, par: (attr << 56n) | (row.va & 0xfffn) | 0x4300_0b00n };
    },
  },
  {
    rule: "cache maintenance by address needs a translation and the right to read, DC IVAC to write",
    concerns: ({ name }) => name.startsWith("maintenance "),
    expected(of) {
      const { operation } = of.row;
      // DC IVAC does not exist at EL0.
      if (operation === "dc ivac" && isEl0(of)) return { esr: 0x0200_0000n };
      const kind = word(of, 1);
      const refused = isEl0(of) ? kind === "AP0" : operation === "dc ivac" && kind === "AP3";
      const status = { invalid: 0x07, old: 0x0b }[kind] ?? (refused ? 0x0f : null);
      return { esr: status === null ? SVC_DONE : abort(of, status, true, true) };
    },
  },
  {
    rule: "AT makes no page dirty",
    concerns: ({ name, row }) =>
      name.includes("HA HD") && row.operation === "at all" && isClean(row.writes.at(-1)![1]),
    expected: ({ row }) => ({ watched: row.writes.at(-1)![1] | (1n << 10n) }),
  },
];

/** DBM and AP[2]. */
function isClean(descriptor: bigint): boolean {
  return (descriptor & (1n << 51n)) !== 0n && (descriptor & (1n << 7n)) !== 0n;
}

export function differenceFor(row: NamedRow): Difference | null {
  return DIFFERENCES.find((difference) => difference.concerns(row)) ?? null;
}
