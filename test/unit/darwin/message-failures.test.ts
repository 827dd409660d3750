import { describe, expect, it } from "vitest";
import { darwinSyscall } from "../../../kernel-sim/syscall/darwin/dispatch.js";
import { darwinState } from "../../../kernel-sim/syscall/darwin/index.js";
import { destroyAbandoned } from "../../../kernel-sim/syscall/darwin/message-destroy.js";
import { runNow, THREAD_AWAKENED } from "../../../vm/blocking.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  MACH_SEND_INVALID_DEST,
  PAGE_SIZE,
} from "../../../vm/types.js";
import { MachClient, MAKE_SEND } from "../../support/mach-client.js";

const COMPLEX = 0x8000_0000;
const BODY_ERROR_VM_KERNEL = 0x1000_4000 + 0xc + 0x400;
const VIRTUAL = 1;
const OOL_WORD = (VIRTUAL << 8) + (1 << 24);
const RCV_PORT_DIED = 0x1000_4009;
const RCV_PORT_CHANGED = 0x1000_4006;
const RIGHT_RECEIVE = 1;

class Client extends MachClient {
  readonly port = this.w.trap("mach_reply_port");
  readonly ports = darwinState(this.w.task).ports;

  sendMemory(at: number, size: number): number {
    return this.post(this.port, [1, BigInt(at), OOL_WORD, size], { bits: COMPLEX + MAKE_SEND });
  }

  /** A trap that goes to sleep: what it sleeps on, and how it ends once woken. */
  sleeping(name: string, ...args: number[]): { channel: object; wake: () => number } {
    const { kernel, thread } = this.w;
    args.forEach((arg, i) => kernel.cpu.setX(i, BigInt(arg)));
    kernel.cpu.setX(16, name === "mach_msg_trap" ? BigInt.asUintN(64, -31n) : 0n);
    const work = darwinSyscall(kernel, thread);
    const step = work.next();
    if (step.done === true) throw new Error("did not sleep");
    return {
      channel: step.value.channel,
      wake: () => {
        expect(work.next(THREAD_AWAKENED).done).toBe(true);
        return Number(BigInt.asIntN(64, kernel.cpu.x(0)));
      },
    };
  }

  /** What another thread, or somebody with the task's port, does meanwhile. */
  destroyPort(): void {
    expect(this.ports.modRefs(this.port, RIGHT_RECEIVE, -1)).toBe(KERN_SUCCESS);
    runNow(destroyAbandoned(this.w.kernel, this.ports));
  }
}

describe("a message whose memory cannot be received", () => {
  it.each([
    ["by value", 0, 100],
    ["of part of a page", 0x10, 40_000],
  ])("for want of kernel memory is there all the same: memory %s", (_kind, inPage, size) => {
    const m = new Client();
    const from = m.allocate(4) + inPage;
    m.w.write(from, new Uint8Array(size).fill(7));
    expect(m.sendMemory(from, size)).toBe(KERN_SUCCESS);
    const { map } = m.w.task;
    const entries = map.nentries;
    map.wiringRequired = true; // what is mapped is wired, and none of it may be
    map.userWireLimit = 0;
    expect(m.receive(m.port)).toBe(BODY_ERROR_VM_KERNEL);
    expect(m.answer(11).slice(6)).toEqual([1, 0, 0, OOL_WORD + 1, 0]);
    expect(map.nentries).toBe(entries);
    expect([m.w.kernel.inFlight.bytes, m.w.kernel.inFlight.copies.size]).toEqual([0, 0]);
  });
});

describe("a port that dies", () => {
  it("wakes who waits for room in its queue: the message is gone with what it carries", () => {
    const m = new Client();
    const from = m.allocate(4);
    m.w.write(from, new Uint8Array(4 * PAGE_SIZE).fill(7));
    for (let i = 0; i < 5; i++) expect(m.post(m.port, [i])).toBe(KERN_SUCCESS);
    const object = m.w.task.map.tree.floor(from as never)!.object!;
    const { refCount } = object;
    const words = Uint32Array.of(COMPLEX + MAKE_SEND, 44, m.port, 0, 0, 9, 1, from, 0, OOL_WORD);
    m.w.write(m.buffer, new Uint8Array(words.buffer));
    m.w.write(m.buffer + 40, new Uint8Array(Uint32Array.of(4 * PAGE_SIZE).buffer));
    m.w.write(m.buffer + 28, new Uint8Array(BigUint64Array.of(BigInt(from)).buffer));
    m.w.write(m.buffer + 36, new Uint8Array(Uint32Array.of(OOL_WORD).buffer));
    const queue = m.ports.queueOf(m.port)!;
    const sender = m.sleeping("mach_msg_trap", m.buffer, 1, 44, 0, 0, 0, 0);
    expect(sender.channel).toBe(queue.room);
    expect(object.refCount).toBe(refCount + 1);
    expect(m.w.kernel.inFlight.copies.size).toBe(1);
    m.destroyPort();
    expect(sender.wake()).toBe(MACH_SEND_INVALID_DEST);
    expect(object.refCount).toBe(refCount);
    expect([m.w.kernel.inFlight.bytes, m.w.kernel.inFlight.copies.size]).toEqual([0, 0]);
    expect(queue.messages.length).toBe(0);
  });

  it("wakes who waits for a message", () => {
    const m = new Client();
    const queue = m.ports.queueOf(m.port)!;
    const receiver = m.sleeping("mach_msg_trap", m.buffer, 2, 0, 100, m.port, 0, 0);
    expect(receiver.channel).toBe(queue);
    m.destroyPort();
    expect(receiver.wake()).toBe(RCV_PORT_DIED);
  });

  it("as does one whose receive right goes elsewhere", () => {
    const m = new Client();
    const receiver = m.sleeping("mach_msg_trap", m.buffer, 2, 0, 100, m.port, 0, 0);
    const right = m.ports.copyin(m.port, 16);
    expect(right).toMatchObject({ receive: true });
    expect(receiver.wake()).toBe(RCV_PORT_CHANGED);
  });
});

describe("mach_vm_write of memory in a message", () => {
  it.each([
    ["by value to nowhere", 100, null, KERN_INVALID_ADDRESS],
    ["by reference to nowhere", 3 * PAGE_SIZE, null, KERN_INVALID_ADDRESS],
    ["by value over what may not be written", 100, "mapped", KERN_INVALID_ADDRESS],
    ["by reference over what may not be written", 3 * PAGE_SIZE, "mapped", KERN_PROTECTION_FAILURE],
  ])("%s fails, and nothing of the copy is left", (_name, size, target, code) => {
    const m = new Client();
    const from = m.allocate(3);
    m.w.write(from, new Uint8Array(size).fill(7));
    const to = m.allocate(3);
    const object = m.w.task.map.tree.floor(from as never)!.object!;
    if (target === null) expect(m.w.trap("mach_vm_deallocate", m.self, to, 3 * PAGE_SIZE)).toBe(0);
    else expect(m.w.trap("mach_vm_protect", m.self, to, 3 * PAGE_SIZE, 0, 1)).toBe(KERN_SUCCESS);
    const words = { 24: 1, 28: BigInt(from), 36: OOL_WORD, 40: size, 48: 1 };
    m.send(4806, 64, { ...words, 52: BigInt(to), 60: size }, 200, COMPLEX + 19 + (21 << 8));
    expect(m.answer(9)[8]).toBe(code);
    const mappings = [...m.w.task.map.entries].filter((entry) => entry.object === object);
    expect(object.refCount).toBe(mappings.length);
    expect([m.w.kernel.inFlight.bytes, m.w.kernel.inFlight.copies.size]).toEqual([0, 0]);
    const mine = [...m.w.kernel.vm.objects.live].filter(({ shadow }) => shadow === object);
    expect(mine).toEqual([]);
  });
});
