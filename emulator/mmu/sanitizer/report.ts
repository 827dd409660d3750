import { hex, hexVa } from "../../arch/hex.js";

/** What the sanitizer has to say, as values; `formatReport` makes text of them. */

/**
 * The rules, by name: what is wrong, where the Arm ARM (DDI 0487) says so, and what to do. Sections go by
 * chapter and title: their numbers differ from issue to issue.
 */
export const MMU_RULES = {
  "break-before-make": {
    title: "live translation changed without break-before-make",
    section: "D8, Using break-before-make when updating translation table entries",
    advice: "write an invalid descriptor, `dsb ishst`, TLBI, `dsb ish`, and only then the new one",
  },
  "missing-tlbi": {
    title: "stale translation: no TLBI since the descriptor changed",
    section: "D8, General TLB maintenance requirements",
    advice: "add `dsb ishst`, a TLBI for the address and ASID, and `dsb ish` after the write",
  },
  "tlbi-too-narrow": {
    title: "stale translation: the TLBI did not name this entry",
    section: "D8, TLB maintenance instructions",
    advice: "use a TLBI that covers the address, the ASID and the level",
  },
  "tlbi-before-dsb": {
    title: "stale translation: the TLBI came before the new descriptor was visible",
    section: "D8, Ordering and completion of TLB maintenance instructions",
    advice: "add `dsb ishst` between the write of the descriptor and the TLBI",
  },
  "tlbi-without-dsb": {
    title: "stale translation: the TLBI is not known to be complete",
    section: "D8, Ordering and completion of TLB maintenance instructions",
    advice: "add `dsb ish` between the TLBI and the next use of the address",
  },
  "write-without-dsb": {
    title: "new descriptor not visible to the walker",
    section: "D8, Ordering of memory accesses from translation table walks",
    advice: "add `dsb ishst` between the write of the descriptor and the first use of the address",
  },
  "missing-isb": {
    title: "instruction fetch not synchronized with the change of its translation",
    section: "D8, Ordering and completion of TLB maintenance instructions",
    advice: "add `isb` after the `dsb`",
  },
  "context-without-isb": {
    title: "context change not synchronized",
    section: "D19, Synchronization requirements for AArch64 System registers",
    advice: "add `isb` between the MSR and the next use of the address",
  },
  "tlb-conflict": {
    title: "two TLB entries can match one address",
    section: "D8, TLB conflict aborts; The Contiguous bit",
    advice: "make the entries agree, or invalidate the one before using the other",
  },
  "mismatched-attributes": {
    title: "aliases of one page with different memory attributes",
    section: "B2, Mismatched memory attributes",
    advice: "map a page with one memory type, cacheability and shareability everywhere",
  },
  "asid-reuse": {
    title: "ASID used for other tables without invalidation",
    section: "D8, Use of ASIDs and VMIDs to reduce TLB maintenance requirements",
    advice: "add `tlbi aside1is` of the ASID and `dsb ish` before the new TTBR",
  },
  "table-in-use": {
    title: "page reused while a translation table walk can reach it",
    section: "D8, General TLB maintenance requirements",
    advice:
      "unlink the table, `dsb ishst`, TLBI without L, `dsb ish`, and only then reuse the page",
  },
} as const;

export type MmuRule = keyof typeof MMU_RULES;

/** Who did something: an instruction of the guest, or a routine of the host that plays the kernel. */
export type Place =
  | {
      readonly kind: "guest";
      /** Sign-extended address of the instruction. */
      readonly pc: number;
      /** Instructions executed before it. */
      readonly instruction: number;
      readonly el: 0 | 1;
    }
  | { readonly kind: "host"; readonly name: string; readonly instruction: number };

/** A descriptor that changed, or that is in the way. */
export interface ReportedDescriptor {
  /** Physical address of the descriptor. */
  readonly pa: number;
  readonly level: number;
  /** First address it translates, sign-extended. */
  readonly va: number;
  /** Null: global, or of every ASID. */
  readonly asid: number | null;
  /** What it was, if that matters, and what it is. */
  readonly old: ReportedValue | null;
  readonly now: ReportedValue;
}

/** A descriptor's 64 bits, and the same decoded. */
export interface ReportedValue {
  readonly value: bigint;
  readonly text: string;
}

/** An access that depends on what hardware happens to remember. */
export interface ReportedAccess {
  readonly place: Place;
  readonly va: number;
  readonly what: "read" | "write" | "fetch";
  readonly el: 0 | 1;
  /** What it does with what may still be cached, and what with the tables as they are. */
  readonly stale: string;
  readonly now: string;
}

export interface MmuReport {
  readonly rule: MmuRule;
  readonly descriptor: ReportedDescriptor | null;
  /** Who wrote the descriptor or the register. */
  readonly writer: Place | null;
  /** A control register that changed, 64-bit values. */
  readonly register: { readonly name: string; readonly old: bigint; readonly now: bigint } | null;
  /** A TLBI that fell short: where, and how. */
  readonly maintenance: { readonly place: Place; readonly text: string } | null;
  /** Null where any access to the address is in danger. */
  readonly access: ReportedAccess | null;
  /** More about this case, a sentence, or "". */
  readonly detail: string;
  readonly advice: string;
  /** How often the same happened. */
  count: number;
}

/** Names an address of code, "symbol+0x10", or null. */
export type Symbolize = (pc: number) => string | null;

/** Names addresses by the symbol at or before them. @param symbols addresses by name */
export function symbolizer(symbols: Iterable<readonly [name: string, address: number]>): Symbolize {
  const sorted = [...symbols].sort((a, b) => a[1] - b[1]);
  return (pc) => {
    const found = sorted.findLast(([, address]) => address <= pc);
    if (found === undefined) return null;
    const [name, address] = found;
    return pc === address ? name : `${name}+${hex(pc - address)}`;
  };
}

/** What stays the same when the same bug shows again: reports that agree in it are counted. */
export function reportKey(report: MmuReport): string {
  const place = (p: Place | null | undefined): string =>
    p === null || p === undefined ? "" : p.kind === "guest" ? p.pc.toString(16) : p.name;
  const { rule, descriptor, writer, maintenance, access, register } = report;
  // One routine of the host that forgets a step does so for every address.
  const slot = writer?.kind === "host" ? "" : (descriptor?.pa ?? register?.name ?? "");
  const parts = [rule, slot, place(writer), place(maintenance?.place), place(access?.place)];
  return parts.join("|");
}

function placeText(place: Place, symbolize: Symbolize): string {
  const when = `instruction ${place.instruction}`;
  if (place.kind === "host") return `${place.name} (host, ${when})`;
  const symbol = symbolize(place.pc);
  return `pc ${hexVa(place.pc)}${symbol === null ? "" : ` <${symbol}>`} (EL${place.el}, ${when})`;
}

const word = (value: bigint): string => `0x${value.toString(16).padStart(16, "0")}`;

/** Lines of text about a report, the first one the rule. */
export function formatReport(report: MmuReport, symbolize: Symbolize = () => null): string[] {
  const { title, section } = MMU_RULES[report.rule];
  const { descriptor, writer, register, maintenance, access, detail, count } = report;
  const times = count > 1 ? ` (${count} times)` : "";
  const lines = [`mmu: ${report.rule}: ${title}${times}`];
  const add = (name: string, text: string): void => {
    lines.push(`  ${name.padEnd(11)}${text}`);
  };
  if (descriptor !== null) {
    const { pa, level, va, asid, old, now } = descriptor;
    const whose = asid === null ? "" : `, ASID ${asid}`;
    add("descriptor", `${hex(pa)}, level ${level}, for ${hexVa(va)}${whose}`);
    if (old !== null) add("  was", `${word(old.value)}  ${old.text}`);
    add("  is", `${word(now.value)}  ${now.text}`);
  }
  if (register !== null) {
    add("register", `${register.name}: ${word(register.old)} -> ${word(register.now)}`);
  }
  if (writer !== null) add("written by", placeText(writer, symbolize));
  if (maintenance !== null) {
    add("tlbi", `${maintenance.text}, ${placeText(maintenance.place, symbolize)}`);
  }
  if (access !== null) {
    add(
      "in danger",
      `${access.what} of ${hexVa(access.va)} at EL${access.el}, ${placeText(access.place, symbolize)}`,
    );
    add("  stale", access.stale);
    add("  tables", access.now);
  }
  if (detail !== "") add("because", detail);
  add("advice", report.advice);
  add("see", `Arm ARM ${section}`);
  return lines;
}
