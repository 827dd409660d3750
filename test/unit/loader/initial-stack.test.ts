import { describe, expect, it } from "vitest";
import {
  argumentsTooLong,
  AT_ENTRY,
  AT_EXECFN,
  AT_NULL,
  AT_PAGESZ,
  AT_PLATFORM,
  AT_RANDOM,
  darwinStack,
  linuxStack,
  type InitialStack,
} from "../../../kernel-sim/loader/initial-stack.js";

const TOP = 0x1_6fe0_0000;

/** Reads a stack as the program would. */
class StackReader {
  readonly #stack: InitialStack;
  readonly #view: DataView;
  at: number;

  constructor(stack: InitialStack) {
    this.#stack = stack;
    this.#view = new DataView(stack.bytes.buffer);
    this.at = stack.sp;
  }

  word(): number {
    const value = this.#view.getBigUint64(this.at - this.#stack.sp, true);
    this.at += 8;
    return Number(value);
  }

  text(address: number): string {
    const from = address - this.#stack.sp;
    const end = this.#stack.bytes.indexOf(0, from);
    return new TextDecoder().decode(this.#stack.bytes.subarray(from, end));
  }

  /** Strings of a vector that ends with a null. */
  vector(): string[] {
    const strings: string[] = [];
    for (let p = this.word(); p !== 0; p = this.word()) strings.push(this.text(p));
    return strings;
  }
}

describe("a Darwin stack", () => {
  it("has argc, argv, envp, apple, and strings up to the top", () => {
    const stack = darwinStack(TOP, "/bin/prog", ["prog", "é"], ["A=1"], ["pfz=0x0", "x=y"]);
    const r = new StackReader(stack);
    expect(stack.sp % 8).toBe(0);
    expect(stack.sp + stack.bytes.length).toBe(TOP);
    expect(r.word()).toBe(2);
    expect(r.vector()).toEqual(["prog", "é"]);
    expect(r.vector()).toEqual(["A=1"]);
    const apple = r.at;
    expect(r.vector()).toEqual(["executable_path=/bin/prog", "pfz=0x0", "x=y"]);
    r.at = apple;
    const first = r.word();
    expect(first).toBe(apple + 4 * 8); // the string area starts where the pointers end
    expect(first % 8).toBe(0);
  });

  it("is only 8-byte aligned", () => {
    const two = darwinStack(TOP, "p", ["a"], [], []);
    const three = darwinStack(TOP, "p", ["a", "b"], [], []);
    expect([two.sp % 16, three.sp % 16].sort()).toEqual([0, 8]);
  });
});

describe("a Linux stack", () => {
  it("has argc, argv, envp and the auxiliary vector, 16-byte aligned", () => {
    const random = Uint8Array.from({ length: 16 }, (_, i) => i + 1);
    for (const argv of [["sh"], ["sh", "-c", "exit"]]) {
      const auxv = [
        [AT_PAGESZ, 16384],
        [AT_ENTRY, 0x40_0000],
      ] as const;
      const stack = linuxStack(TOP, "/bin/sh", argv, ["A=1", "B="], auxv, random);
      const r = new StackReader(stack);
      expect(stack.sp % 16).toBe(0);
      expect(r.word()).toBe(argv.length);
      expect(r.vector()).toEqual(argv);
      expect(r.vector()).toEqual(["A=1", "B="]);
      const aux = new Map<number, number>();
      for (let type = r.word(); type !== AT_NULL; type = r.word()) aux.set(type, r.word());
      expect(aux.get(AT_PAGESZ)).toBe(16384);
      expect(aux.get(AT_ENTRY)).toBe(0x40_0000);
      expect(r.text(aux.get(AT_EXECFN) ?? 0)).toBe("/bin/sh");
      expect(r.text(aux.get(AT_PLATFORM) ?? 0)).toBe("aarch64");
      const at = (aux.get(AT_RANDOM) ?? 0) - stack.sp;
      expect(stack.bytes.slice(at, at + 16)).toEqual(random);
      expect(stack.bytes.slice(-8)).toEqual(new Uint8Array(8));
    }
  });
});

describe("the limit on arguments", () => {
  it("counts strings and pointers", () => {
    const fits = (1 << 20) - 8 * 3 - 1;
    expect(argumentsTooLong(["x".repeat(fits)], [])).toBe(false);
    expect(argumentsTooLong(["x".repeat(fits + 1)], [])).toBe(true);
    expect(argumentsTooLong([], ["x".repeat(fits + 1)])).toBe(true);
  });
});
