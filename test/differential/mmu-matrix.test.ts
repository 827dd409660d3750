import { describe, expect, it } from "vitest";
import { DIFFERENCES, differenceFor } from "../support/mmu-image/differences.js";
import {
  makeImage,
  runImageHere,
  runImageUnderQemu,
  type MmuOutcome,
} from "../support/mmu-image/image.js";
import { matrixRows } from "../support/mmu-image/matrix.js";
import { qemuSystemMissing } from "../support/qemu-system.js";

const FIELDS = ["esr", "far", "par", "value", "watched", "pars"] as const;

function textOf(outcome: Partial<MmuOutcome>, fields: readonly (keyof MmuOutcome)[]): string {
  return fields
    .filter((field) => outcome[field] !== undefined)
    .map((field) => {
      const values = [outcome[field]].flat() as bigint[];
      return `${field} ${values.map((value) => value.toString(16)).join(" ")}`;
    })
    .join(", ");
}

/** One program makes every access of the matrix, here and on qemu-system-aarch64 -cpu max. */
describe.skipIf(qemuSystemMissing !== null)(`the MMU matrix ${qemuSystemMissing ?? ""}`, () => {
  const rows = matrixRows();

  it(`has the same ESR, FAR and PAR in ${rows.length} rows as QEMU, or the architecture's where QEMU departs`, () => {
    const image = makeImage(rows.map(({ row }) => row));
    const ours = runImageHere(image);
    const theirs = runImageUnderQemu(image);
    const wrong: string[] = [];
    const counts = new Map<string, number>();
    rows.forEach((row, i) => {
      const difference = differenceFor(row);
      const here = ours[i]!;
      if (difference === null) {
        const [a, b] = [textOf(here, FIELDS), textOf(theirs[i]!, FIELDS)];
        if (a !== b) wrong.push(`${row.name}:\n  ours ${a}\n  QEMU ${b}`);
        return;
      }
      counts.set(difference.rule, (counts.get(difference.rule) ?? 0) + 1);
      const expected = difference.expected(row, here);
      const fields = FIELDS.filter((field) => expected[field] !== undefined);
      const [a, b] = [textOf(here, fields), textOf(expected, fields)];
      if (a !== b) wrong.push(`${row.name}:\n  ours ${a}\n  rule ${b} (${difference.rule})`);
    });
    expect(wrong.slice(0, 20)).toEqual([]);
    expect(DIFFERENCES.filter(({ rule }) => !counts.has(rule))).toEqual([]);
    expect(rows.length).toBeGreaterThan(3000);
  });
});
