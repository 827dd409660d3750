import { describe, expect, it } from "vitest";
import {
  KERN_INVALID_ADDRESS,
  KERN_SUCCESS,
  MACH_SEND_INVALID_DEST,
  PAGE_SIZE,
} from "../../../vm/types.js";
import { DarwinWorld } from "../../support/darwin-world.js";

const SEND_AND_RECEIVE = 3;
const RPC_BITS = 19 | (21 << 8);
const COMPLEX = 0x8000_0000;
const TOO_LARGE = 0x1000_4004;

/** A task that sends requests to its own port. */
class Client {
  readonly w = new DarwinWorld();
  readonly self = this.w.trap("task_self_trap");
  readonly reply = this.w.trap("mach_reply_port");
  readonly buffer = this.w.scratch;

  allocate(pages: number): number {
    this.w.write64(this.buffer, 0);
    const size = pages * PAGE_SIZE;
    expect(this.w.trap("mach_vm_allocate", this.self, this.buffer, size, 1)).toBe(KERN_SUCCESS);
    return Number(this.w.words64(this.buffer, 1)[0]);
  }

  /** Send words at their offsets; four bytes each, bigints eight. @returns the trap's own result */
  send(
    id: number,
    size: number,
    words: Readonly<Record<number, number | bigint>>,
    room = 200,
    bits = RPC_BITS,
  ): number {
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    const header = [bits, size, this.self, this.reply, 0, id];
    header.forEach((word, i) => view.setUint32(4 * i, word >>> 0, true));
    for (const [at, word] of Object.entries(words)) {
      if (typeof word === "bigint") view.setBigUint64(Number(at), word, true);
      else view.setUint32(Number(at), word >>> 0, true);
    }
    this.w.write(this.buffer, bytes);
    const options = SEND_AND_RECEIVE;
    return this.w.trap("mach_msg_trap", this.buffer, options, size, room, this.reply, 0, 0);
  }

  answer(words: number): number[] {
    const bytes = this.w.read(this.buffer, 4 * words);
    if (typeof bytes === "string") throw new Error(bytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return Array.from({ length: words }, (_, i) => view.getInt32(4 * i, true));
  }
}

describe("requests of the VM as messages", () => {
  it("are answered with the same id plus 100, a code and a trailer", () => {
    const c = new Client();
    const at = c.allocate(2);
    const sent = c.send(4802, 56, { 32: BigInt(at), 40: BigInt(PAGE_SIZE), 48: 0, 52: 1 });
    expect(sent).toBe(KERN_SUCCESS);
    expect(c.answer(11)).toEqual([18 << 8, 36, 0, c.reply, 0, 4902, 0, 1, KERN_SUCCESS, 0, 8]);
    expect(c.w.write(at, new Uint8Array(1))).toBe("EFAULT");
    c.send(4802, 56, { 32: 0x4000_0000_0000n, 40: 1n, 48: 0, 52: 1 });
    expect(c.answer(9)[8]).toBe(KERN_INVALID_ADDRESS);
  });

  it("map memory a second time, and tell where and with which rights", () => {
    const c = new Client();
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
    const c = new Client();
    expect(c.send(4802, 52, {})).toBe(KERN_SUCCESS);
    expect(c.answer(9)[8]).toBe(-304);
    expect(c.send(4813, 92, {})).toBe(KERN_SUCCESS);
    expect(c.answer(9)[8]).toBe(-304);
    expect(c.send(4899, 24, {})).toBe(KERN_SUCCESS);
    expect(c.answer(9)[8]).toBe(-303);
  });

  it("need room for the answer, and are no other messages", () => {
    const c = new Client();
    expect(c.send(4801, 48, { 32: 0n, 40: 0n }, 43)).toBe(TOO_LARGE);
    expect(c.send(3400, 24, {})).toBe(MACH_SEND_INVALID_DEST);
  });
});
