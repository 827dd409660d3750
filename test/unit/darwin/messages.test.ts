import { describe, expect, it } from "vitest";
import { KERN_SUCCESS, MACH_SEND_INVALID_DEST, PAGE_SIZE } from "../../../vm/types.js";
import { A64Program } from "../../support/a64-program.js";
import { DarwinWorld } from "../../support/darwin-world.js";
import { MachClient, MAKE_SEND, SEND, SEND_TIMEOUT } from "../../support/mach-client.js";

const COMPLEX = 0x8000_0000;
const COMPLEX_SEND = COMPLEX + MAKE_SEND;
const SEND_TIMED_OUT = 0x1000_0004;
const MSG_TOO_SMALL = 0x1000_0008;
const INVALID_REPLY = 0x1000_0009;
const INVALID_RIGHT = 0x1000_000a;
const INVALID_MEMORY = 0x1000_000c;
const NO_BUFFER = 0x1000_000d;
const TOO_LARGE = 0x1000_000e;
const INVALID_TYPE = 0x1000_000f;
const RCV_TIMED_OUT = 0x1000_4003;
const RCV_TOO_LARGE = 0x1000_4004;
const BODY_ERROR_VM_SPACE = 0x1000_4000 + 0xc + 0x1000;
const MSG_VM_KERNEL = 0x400;
const PHYSICAL = 0;
const VIRTUAL = 1;
const KEPT = 0;
const GIVEN_AWAY = 1;

/** The words of one descriptor of out-of-line memory. */
function ool(address: number, size: number, copy = VIRTUAL, deallocate = KEPT, type = 1) {
  return [BigInt(address), deallocate + (copy << 8) + (type << 24), size];
}

function portDescriptor(name: number, disposition: number): number[] {
  return [name, 0, disposition << 16];
}

class Mailbox extends MachClient {
  readonly port = this.w.trap("mach_reply_port");

  sendMemory(...words: readonly (number | bigint)[]): number {
    return this.post(this.port, [1, ...words], { bits: COMPLEX_SEND });
  }

  /** Receive one piece of memory. */
  receiveMemory(): { address: number; size: number; flags: number } {
    expect(this.receive(this.port)).toBe(KERN_SUCCESS);
    const [, , , , , , count, low, high, flags, size] = this.answer(11);
    expect(count).toBe(1);
    return { address: (low! >>> 0) + high! * 2 ** 32, size: size!, flags: flags! };
  }

  /** A send of memory that must arrive. */
  pass(...words: readonly (number | bigint)[]): { address: number; size: number; flags: number } {
    expect(this.sendMemory(...words)).toBe(KERN_SUCCESS);
    return this.receiveMemory();
  }

  fill(at: number, bytes: number, first = 1): void {
    this.w.write(
      at,
      Uint8Array.from({ length: bytes }, (_, i) => first + (i % 251)),
    );
  }

  byte(at: number): number | string {
    const read = this.w.read(at, 1);
    return typeof read === "string" ? read : read[0]!;
  }
}

describe("messages to a queue", () => {
  it("wait in order, and say who sent them and by which right", () => {
    const m = new Mailbox();
    expect(m.post(m.port, [111])).toBe(KERN_SUCCESS);
    expect(m.post(m.port, [222])).toBe(KERN_SUCCESS);
    expect(m.receive(m.port)).toBe(KERN_SUCCESS);
    expect(m.answer(9)).toEqual([17 << 8, 28, 0, m.port, 0, 77, 111, 0, 8]);
    expect(m.receive(m.port, 400, 3 << 24)).toBe(KERN_SUCCESS);
    const pid = m.w.task.pid;
    const audit = [501, 501, 20, 501, 20, pid, 0, 0];
    expect(m.answer(20).slice(6)).toEqual([222, 0, 52, 1, 501, 20, ...audit]);
    expect(m.receive(m.port)).toBe(RCV_TIMED_OUT);
  });

  it("carry a right to answer with, which is used up by the answer", () => {
    const m = new Mailbox();
    const bits = MAKE_SEND | (21 << 8);
    expect(m.post(m.port, [], { bits, local: m.reply })).toBe(KERN_SUCCESS);
    expect(m.receive(m.port)).toBe(KERN_SUCCESS);
    const [received, , once] = m.answer(3);
    expect(received).toBe(18 | (17 << 8));
    expect(m.post(once!, [5], { bits: 18 })).toBe(KERN_SUCCESS);
    expect(m.post(once!, [5], { bits: 18 })).toBe(MACH_SEND_INVALID_DEST);
    expect(m.receive(m.reply)).toBe(KERN_SUCCESS);
    expect(m.answer(7)).toEqual([18 << 8, 28, 0, m.reply, 0, 77, 5]);
  });

  it("are five at most: the sixth is sent back", () => {
    const m = new Mailbox();
    const timed = { options: SEND | SEND_TIMEOUT };
    for (let i = 0; i < 5; i++) expect(m.post(m.port, [i], timed)).toBe(KERN_SUCCESS);
    expect(m.post(m.port, [5], timed)).toBe(SEND_TIMED_OUT);
    expect(m.answer(7)).toEqual([17, 28, m.port, 0, 0, 77, 5]);
    expect(m.receive(m.port)).toBe(KERN_SUCCESS);
    expect(m.post(m.port, [5], timed)).toBe(KERN_SUCCESS);
  });

  it("that are too long tell their length, or are gone", () => {
    const m = new Mailbox();
    m.post(m.port, [1, 2]);
    expect(m.receive(m.port, 39, 4)).toBe(RCV_TOO_LARGE); // MACH_RCV_LARGE
    expect(m.answer(2)[1]).toBe(32);
    expect(m.receive(m.port, 39)).toBe(RCV_TOO_LARGE);
    expect(m.answer(6)).toEqual([17 << 8, 24, 0, m.port, 0, 77]);
    expect(m.receive(m.port)).toBe(RCV_TIMED_OUT);
  });

  it("need a right answer port, and a live destination", () => {
    const m = new Mailbox();
    const bits = MAKE_SEND | (21 << 8);
    expect(m.post(m.port, [], { bits, local: 0x7777 })).toBe(INVALID_REPLY);
    expect(m.post(m.port, [], { bits: 19 })).toBe(MACH_SEND_INVALID_DEST); // no send right to copy
    const before = m.post(m.port, [], { bits, local: m.reply });
    expect(before).toBe(KERN_SUCCESS);
    // The receive right goes, and the message with it: whoever waits for an answer is told.
    expect(m.w.trap("mach_port_mod_refs", m.self, m.port, 1, -1)).toBe(KERN_SUCCESS);
    expect(m.post(m.port, [])).toBe(MACH_SEND_INVALID_DEST);
    expect(m.receive(m.reply)).toBe(KERN_SUCCESS);
    expect(m.answer(6)).toEqual([18 << 8, 24, 0, m.reply, 0, 71]);
  });
});

describe("messages that nobody receives", () => {
  it("have an end: the host's memory is not theirs", () => {
    const m = new Mailbox();
    const { inFlight } = m.w.kernel;
    expect(inFlight.takeBytes(64 * 2 ** 20 - 1000)).toBe(true);
    expect(m.post(m.port, new Array<number>(200).fill(0))).toBe(NO_BUFFER);
    expect(m.post(m.port, [])).toBe(KERN_SUCCESS);
    expect(m.send(4801, 48, { 32: 0n, 40: 0n })).toBe(NO_BUFFER);
    inFlight.releaseBytes(64 * 2 ** 20 - 1000);
    expect(m.receive(m.port)).toBe(KERN_SUCCESS);
    m.send(4801, 48, { 32: 0n, 40: 0n });
    expect(m.receive(m.reply)).toBe(RCV_TIMED_OUT);
    expect(inFlight.bytes).toBe(0);
  });
});

describe("out-of-line memory", () => {
  it("up to 32 KiB arrives by value at the start of a page", () => {
    const m = new Mailbox();
    const from = m.allocate(3);
    m.fill(from, 3 * PAGE_SIZE);
    const { address, size, flags } = m.pass(...ool(from + 100, 2 * PAGE_SIZE));
    expect([address % PAGE_SIZE, size]).toEqual([0, 2 * PAGE_SIZE]);
    expect(flags).toBe(1 + (VIRTUAL << 8) + (1 << 24)); // the receiver is to deallocate it
    expect(m.w.read(address, 300)).toEqual(m.w.read(from + 100, 300));
    m.w.write(from + 100, [0]);
    expect(m.byte(address)).toBe(101);
  });

  it("of whole pages is shared until one side writes", () => {
    const m = new Mailbox();
    const from = m.allocate(4);
    m.fill(from, 4 * PAGE_SIZE);
    const free = m.w.kernel.vm.pages.free.count;
    const { address } = m.pass(...ool(from, 4 * PAGE_SIZE));
    expect(m.w.read(address, 4 * PAGE_SIZE)).toEqual(m.w.read(from, 4 * PAGE_SIZE));
    expect(free - m.w.kernel.vm.pages.free.count).toBeLessThanOrEqual(1); // at most a table
    m.w.write(from, [250]);
    m.w.write(address + PAGE_SIZE, [251]);
    expect([m.byte(address), m.byte(from + PAGE_SIZE)]).toEqual([1, 1 + (PAGE_SIZE % 251)]);
  });

  it("of odd bytes keeps its place in the page, and nothing around it comes along", () => {
    const m = new Mailbox();
    const from = m.allocate(4);
    m.fill(from, 4 * PAGE_SIZE);
    const { address, size } = m.pass(...ool(from + 10, 2 * PAGE_SIZE + 5));
    expect([address % PAGE_SIZE, size]).toEqual([10, 2 * PAGE_SIZE + 5]);
    expect(m.w.read(address, size)).toEqual(m.w.read(from + 10, size));
    expect([m.byte(address - 1), m.byte(address + size)]).toEqual([0, 0]);
    expect(m.w.kernel.current?.task.map.tree.floor(address as never)?.alias).toBe(20);
  });

  it("is unmapped at the sender's when it is given away, whole pages of it", () => {
    const m = new Mailbox();
    const from = m.allocate(4);
    m.fill(from, 4 * PAGE_SIZE);
    const given = ool(from + 100, 3 * PAGE_SIZE - 200, VIRTUAL, GIVEN_AWAY);
    expect(m.sendMemory(...given)).toBe(KERN_SUCCESS);
    expect([m.byte(from), m.byte(from + 3 * PAGE_SIZE - 1)]).toEqual(["EFAULT", "EFAULT"]);
    expect(m.byte(from + 3 * PAGE_SIZE)).toBe(1 + ((3 * PAGE_SIZE) % 251));
    expect(m.byte(m.receiveMemory().address)).toBe(101);
  });

  it("copied physically is nobody else's from the start", () => {
    const m = new Mailbox();
    const from = m.allocate(3);
    m.fill(from, 3 * PAGE_SIZE);
    const { address, size, flags } = m.pass(...ool(from + 10, 3 * PAGE_SIZE - 10, PHYSICAL));
    expect([address % PAGE_SIZE, size, flags]).toEqual([0, 3 * PAGE_SIZE - 10, 1 << 24]);
    expect(m.w.read(address, size)).toEqual(m.w.read(from + 10, size));
    expect(m.byte(address + size)).toBe(0);
    const huge = ool(from, 8 * 2 ** 20 + 1, PHYSICAL);
    expect(m.sendMemory(...huge)).toBe(MSG_VM_KERNEL);
    expect(m.sendMemory(...ool(0x4000, 4 * PAGE_SIZE, PHYSICAL))).toBe(INVALID_MEMORY);
  });

  it("goes with the program that sent it to itself", () => {
    const w = new DarwinWorld();
    const from = w.anonymous(3);
    w.write(from, new Uint8Array(3 * PAGE_SIZE).fill(1));
    const words = [COMPLEX_SEND, 44, 0, 0, 0, 1, 1, from % 2 ** 32, Math.floor(from / 2 ** 32)];
    const message = new Uint32Array([...words, (1 << 24) + 256, 3 * PAGE_SIZE]);
    w.write(w.scratch, new Uint8Array(message.buffer));
    const p = new A64Program().svc(-26).str("x0", "x28", 8);
    p.svc(-31, "x28", SEND, 44, 0, 0, 0, 0).svc(1, "x0");
    expect(w.run(p)).toMatchObject({ kind: "exited", status: 0 }); // and nothing is left behind
    expect(w.records.map(({ name }) => name)).toEqual(["mach_reply_port", "mach_msg_trap", "exit"]);
  });

  it("that finds no room in the queue comes back to the sender", () => {
    const m = new Mailbox();
    const from = m.allocate(4);
    m.fill(from, 4 * PAGE_SIZE);
    for (let i = 0; i < 5; i++) expect(m.post(m.port, [])).toBe(KERN_SUCCESS);
    const words = [1, ...ool(from, 3 * PAGE_SIZE, VIRTUAL, GIVEN_AWAY)];
    const options = SEND | SEND_TIMEOUT;
    expect(m.post(m.port, words, { bits: COMPLEX_SEND, options })).toBe(SEND_TIMED_OUT);
    const [bits, , port, , , , count, low, high, , size] = m.answer(11);
    expect([bits, port, count, size]).toEqual([COMPLEX | 17, m.port, 1, 3 * PAGE_SIZE]);
    const at = (low! >>> 0) + high! * 2 ** 32;
    expect(m.byte(at + 5)).toBe(6);
    expect(m.w.kernel.inFlight.copies.size).toBe(0);
  });

  it("of no bytes has no address", () => {
    expect(new Mailbox().pass(...ool(0x1234, 0))).toMatchObject({ address: 0, size: 0 });
  });

  it("that is not there is refused; what was given away before it is gone all the same", () => {
    const m = new Mailbox();
    const from = m.allocate(2);
    m.fill(from, 1);
    const given = ool(from, PAGE_SIZE, VIRTUAL, GIVEN_AWAY);
    const bits = COMPLEX_SEND;
    const sent = m.post(m.port, [2, ...given, ...ool(0x4000, 3 * PAGE_SIZE)], { bits });
    expect(sent).toBe(INVALID_MEMORY);
    expect(m.byte(from)).toBe("EFAULT");
    expect(m.receive(m.port)).toBe(RCV_TIMED_OUT);
    expect(m.w.kernel.inFlight.copies.size).toBe(0);
  });

  it("that cannot be mapped is lost, the message is not", () => {
    const m = new Mailbox();
    const from = m.allocate(3);
    m.fill(from, 1);
    expect(m.sendMemory(...ool(from, PAGE_SIZE))).toBe(KERN_SUCCESS);
    const { map } = m.w.task;
    map.sizeLimit = map.adjustedSize;
    expect(m.receive(m.port)).toBe(BODY_ERROR_VM_SPACE);
    expect(m.answer(11).slice(6)).toEqual([1, 0, 0, 1 + (VIRTUAL << 8) + (1 << 24), 0]);
  });

  it("goes when nobody receives it", () => {
    const m = new Mailbox();
    const from = m.allocate(4);
    m.fill(from, 4 * PAGE_SIZE);
    m.sendMemory(...ool(from, 4 * PAGE_SIZE, VIRTUAL, GIVEN_AWAY));
    const free = m.w.kernel.vm.pages.free.count;
    expect(m.w.trap("mach_port_mod_refs", m.self, m.port, 1, -1)).toBe(KERN_SUCCESS);
    expect(m.w.kernel.vm.pages.free.count).toBe(free + 4);
    expect([m.w.kernel.inFlight.bytes, m.w.kernel.inFlight.copies.size]).toEqual([0, 0]);
  });
});

describe("descriptors", () => {
  it("must be there in full, and of a kind there is", () => {
    const m = new Mailbox();
    const from = m.allocate(1);
    const bits = COMPLEX_SEND;
    expect(m.post(m.port, [], { bits })).toBe(MSG_TOO_SMALL);
    expect(m.post(m.port, [1, 0, 0], { bits })).toBe(MSG_TOO_SMALL);
    expect(m.post(m.port, [1, 0, 0, 1 << 24], { bits })).toBe(MSG_TOO_SMALL);
    expect(m.post(m.port, [1, ...ool(from, 8, VIRTUAL, KEPT, 5)], { bits })).toBe(INVALID_TYPE);
    expect(m.post(m.port, [1, ...ool(from, 8, 2)], { bits })).toBe(INVALID_TYPE);
    expect(m.post(m.port, [1, ...portDescriptor(0x99, 19)], { bits })).toBe(INVALID_RIGHT);
    expect(m.post(m.port, [1, BigInt(from), 2 << 24, 16384], { bits })).toBe(TOO_LARGE);
    expect(m.post(m.port, [0], { bits })).toBe(KERN_SUCCESS);
  });

  it("pass rights, one by one and many at once", () => {
    const m = new Mailbox();
    const other = m.w.trap("mach_reply_port");
    const bits = COMPLEX_SEND;
    expect(m.post(m.port, [1, ...portDescriptor(other, 20), 9], { bits })).toBe(KERN_SUCCESS);
    expect(m.receive(m.port)).toBe(KERN_SUCCESS);
    expect(m.answer(11)).toEqual([
      COMPLEX | (17 << 8),
      44,
      0,
      m.port,
      0,
      77,
      1,
      other,
      0,
      17 << 16,
      9,
    ]);
    expect(m.post(other, [], { bits: 19 })).toBe(KERN_SUCCESS); // there is a send right now

    const names = m.allocate(1);
    m.w.write(names, new Uint8Array(new Uint32Array([other, 0, 0xffff_ffff, m.self]).buffer));
    const many = [1, BigInt(names), (19 << 16) + (2 << 24), 4];
    expect(m.post(m.port, many, { bits })).toBe(KERN_SUCCESS);
    expect(m.receive(m.port)).toBe(KERN_SUCCESS);
    const [low, high, kind, count] = m.answer(11).slice(7);
    expect([kind, count]).toEqual([(17 << 16) + (2 << 24), 4]);
    const at = (low! >>> 0) + high! * 2 ** 32;
    expect(m.w.words32(at, 4)).toEqual([other, 0, -1, m.self]);
  });
});

describe("memory in requests to the kernel", () => {
  it("mach_vm_read answers with memory and no code, or with a code alone", () => {
    const m = new Mailbox();
    const from = m.allocate(3);
    m.fill(from, 3 * PAGE_SIZE);
    const size = BigInt(2 * PAGE_SIZE + 1);
    expect(m.send(4804, 48, { 32: BigInt(from + 3), 40: size })).toBe(KERN_SUCCESS);
    const [bits, bytes, , , , id, count, low, high, , oolSize, , , counted] = m.answer(14);
    expect([bits, bytes, id, count]).toEqual([COMPLEX | (18 << 8), 56, 4904, 1]);
    expect([oolSize, counted]).toEqual([Number(size), Number(size)]);
    const at = (low! >>> 0) + high! * 2 ** 32;
    expect(m.w.read(at, Number(size))).toEqual(m.w.read(from + 3, Number(size)));
    expect(m.send(4804, 48, { 32: 0n, 40: 8n })).toBe(KERN_SUCCESS);
    expect(m.answer(9)).toEqual([18 << 8, 36, 0, m.reply, 0, 4904, 0, 1, 1]);
  });

  it("mach_vm_write takes memory, of the size it says", () => {
    const m = new Mailbox();
    const [from, to] = [m.allocate(1), m.allocate(1)];
    m.fill(from, PAGE_SIZE);
    const write = (count: number): number | undefined => {
      const words = { 24: 1, 28: BigInt(from), 36: (1 << 24) + 256, 40: 100, 48: 1 };
      m.send(4806, 64, { ...words, 52: BigInt(to + 7), 60: count }, 200, COMPLEX | 19 | (21 << 8));
      return m.answer(9)[8];
    };
    expect(write(99)).toBe(-300);
    expect(m.byte(to + 7)).toBe(0);
    expect(write(100)).toBe(KERN_SUCCESS);
    expect(m.w.read(to + 7, 100)).toEqual(m.w.read(from, 100));
  });

  it("mach_vm_wire wires and unwires through the host's port", () => {
    const m = new Mailbox();
    const at = m.allocate(2);
    const host = m.w.trap("host_self_trap");
    const wire = (address: number, size: number, access: number, task = m.self): number => {
      const words = { 24: 1, 28: task, 36: 19 << 16, 44: 1, 48: BigInt(address) };
      const bits = COMPLEX | 19 | (21 << 8);
      m.send(418, 68, { ...words, 56: BigInt(size), 64: access }, 200, bits, host);
      return m.answer(9)[8]!;
    };
    expect(wire(at, 2 * PAGE_SIZE, 3)).toBe(KERN_SUCCESS);
    const entry = m.w.task.map.tree.floor(at as never)!;
    expect([entry.wiredCount, entry.userWiredCount]).toEqual([1, 1]);
    expect(wire(at, PAGE_SIZE, 8)).toBe(4);
    expect(wire(at, 0, 8)).toBe(KERN_SUCCESS);
    expect(wire(at + 2 ** 40, PAGE_SIZE, 1)).toBe(1);
    expect(wire(at, PAGE_SIZE, 1, 0)).toBe(16); // KERN_INVALID_TASK
    expect(wire(at, 2 * PAGE_SIZE, 0)).toBe(KERN_SUCCESS);
    expect(m.w.task.map.tree.floor(at as never)!.wiredCount).toBe(0);
  });

  it("the bootstrap port is kept for the task", () => {
    const m = new Mailbox();
    const get = (which: number): number[] => {
      expect(m.send(3409, 36, { 32: which })).toBe(KERN_SUCCESS);
      return m.answer(10);
    };
    expect(get(4)[7]).toBe(0);
    const words = { 24: 1, 28: m.port, 36: 20 << 16, 44: 1, 48: 4 };
    m.send(3410, 52, words, 200, COMPLEX | 19 | (21 << 8));
    expect(m.answer(9)[8]).toBe(KERN_SUCCESS);
    expect(get(4).slice(5)).toEqual([3509, 1, m.port, 0, 17 << 16]);
    expect(get(1)[7]).toBe(m.self);
    expect(get(99)[8]).toBe(4);
  });
});
