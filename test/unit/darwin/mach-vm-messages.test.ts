import { describe, expect, it } from "vitest";
import { KERN_INVALID_ADDRESS, KERN_SUCCESS, PAGE_SIZE } from "../../../vm/types.js";
import { MachClient, RPC_BITS } from "../../support/mach-client.js";

const COMPLEX = 0x8000_0000;
const TOO_LARGE = 0x1000_4004;

describe("requests of the VM as messages", () => {
  it("are answered with the same id plus 100, a code and a trailer", () => {
    const c = new MachClient();
    const at = c.allocate(2);
    const sent = c.send(4802, 56, { 32: BigInt(at), 40: BigInt(PAGE_SIZE), 48: 0, 52: 1 });
    expect(sent).toBe(KERN_SUCCESS);
    expect(c.answer(11)).toEqual([18 << 8, 36, 0, c.reply, 0, 4902, 0, 1, KERN_SUCCESS, 0, 8]);
    expect(c.w.write(at, new Uint8Array(1))).toBe("EFAULT");
    c.send(4802, 56, { 32: 0x4000_0000_0000n, 40: 1n, 48: 0, 52: 1 });
    expect(c.answer(9)[8]).toBe(KERN_INVALID_ADDRESS);
  });

  it("map memory a second time, and tell where and with which rights", () => {
    const c = new MachClient();
    const at = c.allocate(1);
    c.w.write(at + 5, Uint8Array.of(42));
    const words = {
      24: 1,
      28: c.self,
      36: 19 << 16,
      44: 1,
      48: 0n,
      56: BigInt(PAGE_SIZE),
      64: 0n,
      72: 1,
      76: BigInt(at),
      84: 0,
      88: 1,
    };
    expect(c.send(4813, 92, words, 200, RPC_BITS | COMPLEX)).toBe(KERN_SUCCESS);
    const answer = c.answer(13);
    expect(answer.slice(11)).toEqual([3, 7]);
    const mapped = (answer[9]! >>> 0) + answer[10]! * 2 ** 32;
    expect(mapped).not.toBe(at);
    c.w.write(mapped + 6, Uint8Array.of(43));
    expect(c.w.read(at + 5, 2)).toEqual(Uint8Array.of(42, 43));
  });

  it("of the wrong shape or an unknown kind are answered too", () => {
    const c = new MachClient();
    expect(c.send(4802, 52, {})).toBe(KERN_SUCCESS);
    expect(c.answer(9)[8]).toBe(-304);
    expect(c.send(4813, 92, {})).toBe(KERN_SUCCESS);
    expect(c.answer(9)[8]).toBe(-304);
    expect(c.send(4899, 24, {})).toBe(KERN_SUCCESS);
    expect(c.answer(9)[8]).toBe(-303);
  });

  it("need room for the answer; other requests to the port are answered too", () => {
    const c = new MachClient();
    expect(c.send(4801, 48, { 32: 0n, 40: 0n }, 43)).toBe(TOO_LARGE);
    expect(c.send(3400, 24, {})).toBe(KERN_SUCCESS);
    expect(c.answer(9).slice(5)).toEqual([3500, 0, 1, -303]);
  });
});
