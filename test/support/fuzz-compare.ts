import { hex } from "../../emulator/arch/hex.js";
import { disassemble } from "../../kernel-sim/disassembler.js";
import { DATA, NOP, type FuzzCase, type Outcome, type Registers } from "./fuzz-case.js";

/** What differs between two runs, and how a failing case is made small and shown. */

const NAMES = [...Array.from({ length: 31 }, (_, n) => `x${n}`), "sp", "nzcv", "pc"];
const vectorName = (i: number): string => `v${i >> 1}[${i & 1}]`;

type State = Registers & { readonly changes: Uint32Array };

function sameWords(a: BigUint64Array, b: BigUint64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function sameChanges(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

export function sameState(a: State, b: State): boolean {
  return sameWords(a.x, b.x) && sameWords(a.v, b.v) && sameChanges(a.changes, b.changes);
}

/** Each difference as a line: first `a`, then `b`. */
export function stateDifferences(a: State, b: State): string[] {
  const lines: string[] = [];
  const words = (name: (i: number) => string, p: BigUint64Array, q: BigUint64Array): void => {
    p.forEach((value, i) => {
      if (value === q[i]) return;
      lines.push(`${name(i)}: ${value.toString(16)} / ${q[i]!.toString(16)}`);
    });
  };
  words((i) => NAMES[i]!, a.x, b.x);
  words(vectorName, a.v, b.v);
  const memory = (changes: Uint32Array): Map<number, number> => {
    const map = new Map<number, number>();
    for (let i = 0; i < changes.length; i += 2) map.set(changes[i]!, changes[i + 1]!);
    return map;
  };
  const [mine, theirs] = [memory(a.changes), memory(b.changes)];
  for (const at of [...new Set([...mine.keys(), ...theirs.keys()])].sort((p, q) => p - q)) {
    const [p, q] = [mine.get(at), theirs.get(at)];
    if (p === q) continue;
    const text = (value: number | undefined): string => {
      return value === undefined ? "unchanged" : hex(value, 8);
    };
    lines.push(`[${hex(DATA + at)}]: ${text(p)} / ${text(q)}`);
  }
  return lines;
}

export function stopDifference(a: Outcome, b: Outcome): string[] {
  return a.stop === b.stop ? [] : [`stopped by: ${a.stop} / ${b.stop}`];
}

/** All differences of two outcomes. */
export function wholeStateLines(a: Outcome, b: Outcome): string[] {
  const stops = stopDifference(a, b);
  return sameState(a, b) ? stops : [...stops, ...stateDifferences(a, b)];
}

/** The code as assembly, NOPs left out, and the registers it names as they are at its start. */
export function describeCase({ at, words, end, inputs }: FuzzCase): string {
  const lines = words.flatMap((word, i) => {
    if (word === NOP) return [];
    const pc = at + 4 * i;
    const text = disassemble(word, BigInt(pc)).replaceAll("\t", " ");
    return [`  ${hex(pc)}  ${hex(word, 8)}  ${text}${i === end ? "  ; end" : ""}`];
  });
  const code = lines.join("\n");
  const isNamed = (letters: string, n: number): boolean =>
    new RegExp(`\\b[${letters}]${n}\\b`).test(code);
  const values = inputs.map(({ x, v }) => {
    const general = [...x].flatMap((value, i) =>
      i > 30 || isNamed("xw", i) ? [`${NAMES[i]!}=${value.toString(16)}`] : [],
    );
    const vectors = Array.from({ length: 32 }, (_, n) =>
      isNamed("vqdshb", n) ? [`v${n}=${v[2 * n + 1]!.toString(16)}:${v[2 * n]!.toString(16)}`] : [],
    );
    return [...general, ...vectors.flat()].join(" ");
  });
  return [code, ...values].join("\n");
}

/**
 * Replace as many instructions as possible by NOP, keep one input, while `fails` holds.
 * @param fails whether a case shows the failure; a case that does not end does not
 */
export async function shrink(
  one: FuzzCase,
  fails: (candidate: FuzzCase) => Promise<boolean>,
): Promise<FuzzCase> {
  let best = one;
  for (const input of one.inputs) {
    const candidate = { ...one, inputs: [input] };
    if (!(await fails(candidate))) continue;
    best = candidate;
    break;
  }
  for (let size = best.words.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < best.words.length; from += size) {
      const words = best.words.map((word, i) => {
        return i >= from && i < from + size && i !== best.end ? NOP : word;
      });
      if (words.every((word, i) => word === best.words[i])) continue;
      const candidate = { ...best, words };
      if (await fails(candidate)) best = candidate;
    }
  }
  return best;
}
