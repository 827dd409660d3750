/**
 * C text of many small functions, each different: arithmetic, tests, short loops over a table, calls of
 * earlier functions. Running all of them once is mostly translation, as the start of a big program is.
 */

const FUNCTIONS = 3000;
const CALLS_A_PASS = 100;
/** Passes that call every function once. */
export const COLD_PASSES = FUNCTIONS / CALLS_A_PASS;
/** One function in this many calls nothing, so that others may call it without calls piling up. */
const LEAF_EVERY = 4;

/** @returns pseudo-random integers below a bound, the same ones every time */
function generator(): (bound: number) => number {
  let state = 12345;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

function statement(next: (bound: number) => number, leaf: boolean, index: number): string {
  const constant = 3 + next(60000);
  const shift = 1 + next(60);
  switch (next(leaf ? 5 : 6)) {
    case 0:
      return `a = (a ^ b >> ${shift}) * ${constant * 2 + 1}u; b += a << ${next(8)};`;
    case 1:
      return `if ((a & ${1 + next(15)}) ${next(2) === 0 ? "==" : ">"} ${next(4)}) b ^= a + ${constant}; else a -= b | ${constant};`;
    case 2:
      return `for (u32 i = 0; i < ${2 + next(3)}; i++) a += table[(b + i * ${1 + next(30)}) & 255] ^ i;`;
    case 3:
      return `table[(a >> ${shift}) & 255] += b; b = table[a & 255] - ${constant};`;
    case 4:
      return `switch (b & 3) { case 0: a += ${constant}; break; case 1: a ^= b; break; case 2: b = b * 5 + a; break; default: b -= a >> 3; }`;
    default:
      return `b += f${next(Math.floor(index / LEAF_EVERY)) * LEAF_EVERY}(b, a);`;
  }
}

/** The workload's source. A pass calls the next hundred functions, and after the last the first again. */
export function coldSource(): string {
  const next = generator();
  const lines = [
    '#include "workload.h"',
    "",
    "static u64 table[256];",
    "#define SMALL __attribute__((noinline)) static u64",
  ];
  for (let i = 0; i < FUNCTIONS; i++) {
    const leaf = i % LEAF_EVERY === 0;
    const body = Array.from({ length: 2 + next(3) }, () => statement(next, leaf, i)).join("\n    ");
    lines.push(`SMALL f${i}(u64 a, u64 b) {\n    ${body}\n    return a ^ b;\n}`);
  }
  lines.push("static u64 (*const functions[])(u64, u64) = {");
  for (let i = 0; i < FUNCTIONS; i++) lines.push(`    f${i},`);
  lines.push(
    "};",
    "u64 workload(u64 size) {",
    "    u64 checksum = CHECKSUM_START;",
    "    u32 at = 0;",
    `    for (u64 i = 0; i < ${CALLS_A_PASS} * size; i++) {`,
    "        checksum = mixed(checksum, functions[at](checksum, at));",
    `        at = at + 1 < ${FUNCTIONS} ? at + 1 : 0;`,
    "    }",
    "    return checksum;",
    "}",
  );
  return `${lines.join("\n")}\n`;
}
