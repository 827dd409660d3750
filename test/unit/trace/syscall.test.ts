import { expect, it } from "vitest";
import type { SyscallRecord } from "../../../kernel-sim/events.js";
import { syscallLine, SyscallTrace } from "../../../kernel-sim/trace/syscall.js";

const OPEN: SyscallRecord = {
  number: 1,
  instructions: 10,
  pid: 1,
  tid: 1,
  pc: 0x4000,
  family: "bsd",
  code: 5,
  name: "open",
  args: [
    { name: "path", kind: "path", value: 0x1000n, text: "a\nb" },
    { name: "flags", kind: "hex", value: 0x100n, text: null },
    { name: "mode", kind: "octal", value: 0o644n, text: null },
  ],
  result: { kind: "value", value: 3n, text: null },
};

it("writes a call as strace does", () => {
  expect(syscallLine(OPEN)).toBe('[1] open("a\\nb", 0x100, 0o644) = 3');
  const result = { kind: "error", value: 2, name: "ENOENT" } as const;
  expect(syscallLine({ ...OPEN, result })).toBe('[1] open("a\\nb", 0x100, 0o644) = ENOENT (2)');
  expect(syscallLine({ ...OPEN, name: "exit", args: [], result: { kind: "none" } })).toBe(
    "[1] exit()",
  );
});

it("tells of a call that is not served once", () => {
  const unserved: SyscallRecord = {
    ...OPEN,
    family: "linux",
    code: 425,
    name: "syscall_425",
    args: [],
    result: { kind: "error", value: 38, name: "ENOSYS" },
  };
  const trace = new SyscallTrace();
  expect([unserved, unserved, OPEN].map((r) => trace.line(r))).toEqual([
    "[1] syscall_425() = ENOSYS (38), not served: further calls are not shown",
    null,
    '[1] open("a\\nb", 0x100, 0o644) = 3',
  ]);
});
