import { describe, expect, it } from "vitest";
import {
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_OBJECT,
  KERN_SUCCESS,
  PAGE_SIZE,
} from "../../../vm/types.js";
import { DarwinWorld } from "../../support/darwin-world.js";

const SEND = 1;
const RCV = 2;
const RCV_TIMEOUT = 0x100;
const TIMED_OUT = 0x1000_4003;
const TOO_LARGE = 0x1000_4004;
const SEND_INVALID_RIGHT = 0x1000_000a;
const SEND_INVALID_MEMORY = 0x1000_000c;
const VIRTUAL_COPY = 1 << 8;
const OOL = 1 << 24;
const COPY_SEND = 19;
const RPC_BITS = COPY_SEND | (21 << 8);
const COMPLEX = 0x8000_0000;
const RIGHT_RECEIVE = 1;

type Words = Readonly<Record<number, number | bigint>>;

/** A task with a memory object of its own, which it maps. */
class PagerTask {
  readonly w = new DarwinWorld();
  readonly self = this.w.trap("task_self_trap");
  readonly reply = this.w.trap("mach_reply_port");
  readonly object: number;
  control = 0;

  constructor() {
    this.w.trap("mach_port_allocate", this.self, RIGHT_RECEIVE, this.w.scratch);
    this.object = this.w.words32(this.w.scratch, 1)[0]!;
  }

  /** Send and receive the answer. @returns its code, or the trap's own */
  call(port: number, id: number, size: number, words: Words, bits = RPC_BITS): number {
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    [bits, size, port, this.reply, 0, id].forEach((word, i) => {
      view.setUint32(4 * i, word >>> 0, true);
    });
    for (const [at, word] of Object.entries(words)) {
      if (typeof word === "bigint") view.setBigUint64(Number(at), word, true);
      else view.setUint32(Number(at), word, true);
    }
    this.w.write(this.w.scratch, bytes);
    const { scratch } = this.w;
    const sent = this.w.trap("mach_msg_trap", scratch, SEND | RCV, size, 200, this.reply, 0, 0);
    return sent === KERN_SUCCESS ? this.w.words32(scratch + 32, 1)[0]! : sent;
  }

  /** @returns the code, and the address */
  map(port: number, pages: number, offset = 0n, disposition = 20): [number, number] {
    const kr = this.call(
      this.self,
      4811,
      100,
      {
        24: 1,
        28: port,
        36: disposition << 16,
        56: BigInt(pages * PAGE_SIZE),
        72: 1,
        76: offset,
        88: 3,
        92: 3,
      },
      RPC_BITS | COMPLEX,
    );
    return [kr, Number(this.w.words64(this.w.scratch + 36, 1)[0])];
  }

  /** What waits in the port: the trap's code, or id and body. */
  receive(room = 200): number[] {
    const { scratch } = this.w;
    const options = RCV | RCV_TIMEOUT;
    const got = this.w.trap("mach_msg_trap", scratch, options, 0, room, this.object, 0, 0);
    if (got !== KERN_SUCCESS) return [got];
    const size = this.w.words32(scratch + 4, 1)[0]!;
    return this.w.words32(scratch + 20, (size - 20) / 4);
  }

  /** Map it and take the first message. */
  ready(pages: number): number {
    const [kr, at] = this.map(this.object, pages);
    expect(kr).toBe(KERN_SUCCESS);
    const [id, count, control, , , , , pageSize] = this.receive();
    expect([id, count, pageSize]).toEqual([2200, 1, PAGE_SIZE]);
    this.control = control!;
    return at;
  }
}

describe("a port as a memory object", () => {
  it("is bound once, however often it is mapped, and told when nothing maps it", () => {
    const p = new PagerTask();
    const at = p.ready(2);
    const [kr, again] = p.map(p.object, 1, BigInt(5 * PAGE_SIZE));
    expect(kr).toBe(KERN_SUCCESS);
    expect(p.receive()).toEqual([TIMED_OUT]);
    expect(p.w.trap("mach_vm_deallocate", p.self, at, 2 * PAGE_SIZE)).toBe(KERN_SUCCESS);
    expect(p.receive()).toEqual([TIMED_OUT]);
    expect(p.w.trap("mach_vm_deallocate", p.self, again, PAGE_SIZE)).toBe(KERN_SUCCESS);
    expect(p.receive()).toEqual([2201]);
    // Mapped once more, it is another object.
    expect(p.map(p.object, 1)[0]).toBe(KERN_SUCCESS);
    expect(p.receive()[0]).toBe(2200);
  });

  it("needs a port that a task receives from", () => {
    const p = new PagerTask();
    expect(p.map(p.self, 1, 0n, COPY_SEND)[0]).toBe(KERN_INVALID_OBJECT);
    expect(p.map(0, 1)[0]).toBe(KERN_SUCCESS); // anonymous memory
    expect(p.map(p.object, 1, 1n << 62n)[0]).toBe(KERN_INVALID_ARGUMENT);
    expect(p.map(0x1234, 1)[0]).toBe(SEND_INVALID_RIGHT);
  });

  it("loses a message there is no room for", () => {
    const p = new PagerTask();
    p.map(p.object, 1);
    expect(p.receive(24)).toEqual([TOO_LARGE]);
    expect(p.receive()).toEqual([TIMED_OUT]);
  });
});

describe("the control port", () => {
  it("takes attributes, and refuses a strategy no pager may choose", () => {
    const p = new PagerTask();
    p.ready(1);
    const attributes = (strategy: number): number =>
      p.call(p.control, 2001, 40, { 32: 0, 36: strategy });
    expect([0, 2, 3, 6].map(attributes)).toEqual([0, 0, 0, 0]);
    expect([1, 4, 5, 7].map(attributes)).toEqual([4, 4, 4, 4]);
  });

  it("takes data nobody waits for, if they are memory at whole pages", () => {
    const p = new PagerTask();
    p.ready(1);
    const supply = (address: number, size: number, offset: bigint, count = size): number => {
      const words = {
        24: 1,
        28: BigInt(address),
        36: OOL | VIRTUAL_COPY,
        40: size,
        52: offset,
        60: count,
      };
      return p.call(p.control, 2010, 64, words, RPC_BITS | COMPLEX);
    };
    const data = p.w.anonymous(65);
    expect(supply(data, PAGE_SIZE, 0n)).toBe(KERN_SUCCESS);
    expect(supply(data, 5, 1n << 46n)).toBe(KERN_SUCCESS);
    expect(supply(data, PAGE_SIZE, 8n)).toBe(KERN_INVALID_ARGUMENT);
    expect(supply(data, PAGE_SIZE, 1n << 63n)).toBe(KERN_INVALID_ARGUMENT);
    expect(supply(data, PAGE_SIZE, 0n, 4)).toBe(KERN_INVALID_ARGUMENT);
    expect(supply(data, 64 * PAGE_SIZE, 0n)).toBe(KERN_SUCCESS);
    expect(supply(data, 65 * PAGE_SIZE, 0n)).toBe(KERN_INVALID_ARGUMENT);
    expect(supply(64, PAGE_SIZE, 0n)).toBe(SEND_INVALID_MEMORY);
  });

  it("answers wrong shapes and unknown kinds, and knows no object once the port is dead", () => {
    const p = new PagerTask();
    const at = p.ready(1);
    expect(p.call(p.control, 2011, 44, {})).toBe(-304);
    expect(p.call(p.control, 2010, 64, {})).toBe(-304);
    expect(p.call(p.control, 2099, 24, {})).toBe(-303);
    expect(p.call(p.control, 2012, 52, { 32: 0n, 40: BigInt(PAGE_SIZE) })).toBe(KERN_SUCCESS);
    p.w.trap("mach_port_mod_refs", p.self, p.object, RIGHT_RECEIVE, -1);
    expect(p.call(p.control, 2011, 48, { 32: 0n, 40: 0n })).toBe(KERN_INVALID_ARGUMENT);
    expect(p.w.read(at, 1)).toBe("EFAULT");
  });
});
