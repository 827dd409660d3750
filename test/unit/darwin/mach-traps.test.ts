import { describe, expect, it } from "vitest";
import {
  KERN_INVALID_ADDRESS,
  KERN_INVALID_ARGUMENT,
  KERN_INVALID_NAME,
  KERN_INVALID_RIGHT,
  KERN_INVALID_VALUE,
  KERN_NO_SPACE,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  KERN_UREFS_OVERFLOW,
  MACH_SEND_INVALID_DEST,
  PAGE_SIZE,
} from "../../../vm/types.js";
import { DarwinWorld } from "../../support/darwin-world.js";

const P = PAGE_SIZE;
const ANYWHERE = 1;
const EFAULT = 14;
const RIGHT_SEND = 0;
const RIGHT_RECEIVE = 1;
const RIGHT_PORT_SET = 3;
const RIGHT_DEAD_NAME = 4;
const TYPE_SEND = 1 << 16;
const TYPE_RECEIVE = 1 << 17;
const TYPE_PORT_SET = 1 << 19;
const TYPE_DEAD_NAME = 1 << 20;

/** A world, its own task port, and an allocation there. */
function world(): { w: DarwinWorld; self: number; allocate: (size: number) => number } {
  const w = new DarwinWorld();
  const self = w.trap("task_self_trap");
  const allocate = (size: number): number => {
    w.write64(w.scratch, 0);
    expect(w.trap("mach_vm_allocate", self, w.scratch, size, ANYWHERE)).toBe(KERN_SUCCESS);
    return Number(w.words64(w.scratch, 1)[0]);
  };
  return { w, self, allocate };
}

describe("mach_vm_allocate and mach_vm_deallocate", () => {
  it("give zeroes and take them back", () => {
    const { w, self, allocate } = world();
    const at = allocate(2 * P);
    expect(w.read(at + P, 1)).toEqual(Uint8Array.of(0));
    expect(w.trap("mach_vm_deallocate", self, at, 2 * P)).toBe(KERN_SUCCESS);
    expect(w.read(at, 1)).toBe("EFAULT");
    expect(w.trap("mach_vm_deallocate", self, at, 2 * P)).toBe(KERN_SUCCESS); // all hole
    expect(w.trap("mach_vm_deallocate", self, -P, 2 * P)).toBe(KERN_INVALID_ARGUMENT);
  });

  it("at a fixed address: occupied, outside, wrapping", () => {
    const { w, self, allocate } = world();
    const at = allocate(P);
    const fixed = (address: number | bigint): number => {
      w.write64(w.scratch, address);
      return w.trap("mach_vm_allocate", self, w.scratch, P, 0);
    };
    expect(fixed(at)).toBe(KERN_NO_SPACE);
    expect(fixed(1n << 47n)).toBe(KERN_INVALID_ADDRESS);
    expect(fixed(-P)).toBe(KERN_INVALID_ADDRESS);
    expect(fixed(0x80_0000_0123)).toBe(KERN_SUCCESS);
    expect(w.words64(w.scratch, 1)).toEqual([0x80_0000_0000n]);
  });

  it("unknown flags, zero bytes, and pointers that cannot be used", () => {
    const { w, self } = world();
    w.write64(w.scratch, 0x1234);
    expect(w.trap("mach_vm_allocate", self, w.scratch, P, 0x100)).toBe(KERN_INVALID_ARGUMENT);
    expect(w.trap("mach_vm_allocate", self, w.scratch, 0, ANYWHERE)).toBe(KERN_SUCCESS);
    expect(w.words64(w.scratch, 1)).toEqual([0n]);
    const before = w.task.map.size;
    expect(w.trap("mach_vm_allocate", self, 0, P, ANYWHERE)).toBe(EFAULT);
    expect(w.task.map.size).toBe(before);
    // Readable but not writable: what was allocated stays.
    const readOnly = w.anonymous(1, 1);
    expect(w.trap("mach_vm_allocate", self, readOnly, 3 * P, ANYWHERE)).toBe(EFAULT);
    expect(w.task.map.size).toBe(before + P + 3 * P);
  });

  it("work only on the caller's own task", () => {
    const { w } = world();
    const thread = w.trap("thread_self_trap");
    for (const port of [0, 0xffff_ffff, 0x1234, thread]) {
      for (const name of ["mach_vm_allocate", "mach_vm_deallocate", "mach_vm_protect"]) {
        expect(w.trap(name, port, w.scratch, P, ANYWHERE)).toBe(MACH_SEND_INVALID_DEST);
      }
    }
  });
});

describe("mach_vm_protect", () => {
  it("sets the current protection, or cuts the maximum", () => {
    const { w, self, allocate } = world();
    const at = allocate(P);
    const protect = (setMaximum: number, prot: number): number =>
      w.trap("mach_vm_protect", self, at, P, setMaximum, prot);
    expect(protect(0, 1)).toBe(KERN_SUCCESS);
    expect(w.write(at, [1])).toBe("EFAULT");
    expect(protect(1, 1)).toBe(KERN_SUCCESS);
    expect(protect(0, 3)).toBe(KERN_PROTECTION_FAILURE);
    expect(protect(0, 8)).toBe(KERN_INVALID_ARGUMENT);
    expect(w.trap("mach_vm_protect", self, at, 0, 0, 8)).toBe(KERN_SUCCESS);
    expect(w.trap("mach_vm_protect", self, at + P, P, 0, 1)).toBe(KERN_INVALID_ADDRESS);
  });
});

describe("mach_vm_map", () => {
  it("maps anonymous memory with the alignment asked for", () => {
    const { w, self } = world();
    w.write64(w.scratch, 0);
    const mask = (1 << 21) - 1;
    expect(w.trap("mach_vm_map", self, w.scratch, P, mask, ANYWHERE, 3)).toBe(KERN_SUCCESS);
    expect(Number(w.words64(w.scratch, 1)[0]) & mask).toBe(0);
    expect(w.trap("mach_vm_map", self, w.scratch, 0, 0, ANYWHERE, 3)).toBe(KERN_INVALID_ARGUMENT);
    expect(w.trap("mach_vm_map", self, w.scratch, P, 0, ANYWHERE, 8)).toBe(KERN_INVALID_ARGUMENT);
  });
});

describe("port names", () => {
  it("of the task and thread are stable; a reply port is a new one each time", () => {
    const { w, self } = world();
    expect(w.trap("task_self_trap")).toBe(self);
    const thread = w.trap("thread_self_trap");
    expect(thread).not.toBe(self);
    const [a, b] = [w.trap("mach_reply_port"), w.trap("mach_reply_port")];
    expect(new Set([self, thread, a, b]).size).toBe(4);
    expect([self, thread, a, b].map((name) => name & 3)).toEqual([3, 3, 3, 3]);
  });

  it("are counted references; the last one gone, the name is used again in a new generation", () => {
    const { w, self } = world();
    const host = w.trap("host_self_trap");
    expect(w.trap("host_self_trap")).toBe(host); // two references
    expect(w.trap("mach_port_deallocate", self, host)).toBe(KERN_SUCCESS);
    expect(w.trap("mach_port_deallocate", self, host)).toBe(KERN_SUCCESS);
    expect(w.trap("mach_port_deallocate", self, host)).toBe(KERN_INVALID_NAME);
    expect(w.trap("mach_reply_port")).toBe(host + 4);
  });

  it("carry the rights they were allocated with", () => {
    const { w, self } = world();
    const type = (name: number): number => {
      expect(w.trap("mach_port_type", self, name, w.scratch)).toBe(KERN_SUCCESS);
      return w.words32(w.scratch, 1)[0]!;
    };
    const allocate = (right: number): number => {
      expect(w.trap("mach_port_allocate", self, right, w.scratch)).toBe(KERN_SUCCESS);
      return w.words32(w.scratch, 1)[0]!;
    };
    expect(type(self)).toBe(TYPE_SEND);
    const receive = allocate(RIGHT_RECEIVE);
    expect(type(receive)).toBe(TYPE_RECEIVE);
    expect(type(allocate(RIGHT_PORT_SET))).toBe(TYPE_PORT_SET);
    const dead = allocate(RIGHT_DEAD_NAME);
    expect(type(dead)).toBe(TYPE_DEAD_NAME);
    expect(w.trap("mach_port_allocate", self, RIGHT_SEND, w.scratch)).toBe(KERN_INVALID_VALUE);
    expect(w.trap("mach_port_deallocate", self, receive)).toBe(KERN_INVALID_RIGHT);

    const mod = (name: number, right: number, delta: number): number =>
      w.trap("mach_port_mod_refs", self, name, right, delta);
    expect(mod(receive, RIGHT_SEND, 1)).toBe(KERN_INVALID_RIGHT);
    expect(mod(receive, RIGHT_RECEIVE, 1)).toBe(KERN_INVALID_VALUE);
    expect(mod(receive, RIGHT_RECEIVE, -1)).toBe(KERN_SUCCESS);
    expect(mod(receive, RIGHT_RECEIVE, -1)).toBe(KERN_INVALID_NAME);
    expect(mod(dead, RIGHT_DEAD_NAME, -2)).toBe(KERN_INVALID_VALUE);
    expect(mod(dead, RIGHT_DEAD_NAME, 0xffff)).toBe(KERN_UREFS_OVERFLOW);
    expect(mod(dead, 5, 1)).toBe(KERN_INVALID_VALUE);
    expect(mod(0, RIGHT_SEND, 1)).toBe(KERN_SUCCESS);
  });

  it("tell the pid of a task", () => {
    const { w, self } = world();
    expect(w.trap("pid_for_task", self, w.scratch)).toBe(KERN_SUCCESS);
    expect(w.words32(w.scratch, 1)).toEqual([1]);
    expect(w.trap("pid_for_task", w.trap("host_self_trap"), w.scratch)).toBe(KERN_INVALID_ARGUMENT);
    expect(w.words32(w.scratch, 1)).toEqual([-1]);
  });

  it("no name is a semaphore's", () => {
    const { w, self } = world();
    expect(w.trap("semaphore_wait_trap", 0)).toBe(KERN_INVALID_NAME);
    expect(w.trap("semaphore_signal_trap", 0x1234)).toBe(KERN_INVALID_NAME);
    expect(w.trap("semaphore_wait_trap", self)).toBe(KERN_INVALID_ARGUMENT);
    expect(w.trap("semaphore_wait_trap", w.trap("mach_reply_port"))).toBe(KERN_INVALID_RIGHT);
  });
});

describe("mach_msg", () => {
  const SEND = 1;
  const RCV = 2;
  const RCV_TIMEOUT = 0x100;
  const COPY_SEND = 19;

  /** A header in memory. */
  function header(w: DarwinWorld, bits: number, remote: number, local = 0): number {
    const words = new Uint32Array([bits, 24, remote, local, 0, 0]);
    w.write(w.scratch, new Uint8Array(words.buffer));
    return w.scratch;
  }

  it("checks size, memory, header and destination in this order", () => {
    const { w } = world();
    const send = (msg: number, size: number): number =>
      w.trap("mach_msg_trap", msg, SEND, size, 0, 0, 0, 0);
    expect(send(0, 20)).toBe(0x1000_0008);
    expect(send(0, 26)).toBe(0x1000_0008);
    expect(send(0, 64 << 20)).toBe(0x1000_000e);
    expect(send(0, 24)).toBe(0x1000_0002);
    expect(send(header(w, 0x8000_0000 | COPY_SEND, 0), 24)).toBe(0x1000_0008);
    expect(send(header(w, 0x100_0000 | COPY_SEND, 0), 24)).toBe(0x1000_0010);
    expect(send(header(w, 0, 0), 24)).toBe(0x1000_0010);
    expect(send(header(w, COPY_SEND, 0x1234), 24)).toBe(MACH_SEND_INVALID_DEST);
  });

  it("receives from a receive right only, and nothing ever comes", () => {
    const { w, self } = world();
    const receive = (name: number): number =>
      w.trap("mach_msg_trap", w.scratch, RCV | RCV_TIMEOUT, 0, 1024, name, 0, 0);
    expect(receive(0)).toBe(0x1000_4002);
    expect(receive(self)).toBe(0x1000_4002);
    expect(receive(w.trap("mach_reply_port"))).toBe(0x1000_4003);
    expect(w.trap("mach_msg_trap", 0, 0, 0, 0, 0, 0, 0)).toBe(KERN_SUCCESS);
  });

  it("the new trap takes its header in registers, and exactly one kind of send", () => {
    const { w } = world();
    const send = (options: bigint, size: bigint): number =>
      w.trap("mach_msg2_trap", 0, options, (size << 32n) | BigInt(COPY_SEND), 0x1234, 0, 0, 0, 0);
    expect(send(1n, 24n)).toBe(0x1000_0013);
    expect(send((3n << 33n) | 1n, 24n)).toBe(0x1000_0013);
    expect(send((3n << 32n) | 1n, 24n)).toBe(0x1000_0013); // a vector to the kernel
    expect(send((1n << 33n) | 1n, 20n)).toBe(0x1000_0008);
    expect(send((1n << 33n) | 1n, 24n)).toBe(MACH_SEND_INVALID_DEST);
  });
});

describe("time", () => {
  it("ticks of 125/3 nanoseconds, told even through a bad pointer", () => {
    const w = new DarwinWorld();
    expect(w.trap("mach_timebase_info_trap", w.scratch)).toBe(KERN_SUCCESS);
    expect(w.words32(w.scratch, 2)).toEqual([125, 3]);
    expect(w.trap("mach_timebase_info_trap", 0)).toBe(KERN_SUCCESS);
  });

  it("absolute and continuous time follow the clock", () => {
    const w = new DarwinWorld();
    w.kernel.clock.skipTo(1_000_000_000n);
    expect(w.trap("mach_absolute_time")).toBe(24_000_000);
    expect(w.trap("mach_continuous_time")).toBe(24_000_000);
    expect(w.trap("mach_wait_until_trap", 1000)).toBe(KERN_SUCCESS); // long gone
  });

  it("thread_switch: nobody else to run; an option there is not", () => {
    const w = new DarwinWorld();
    expect(w.trap("swtch")).toBe(0);
    expect(w.trap("swtch_pri", 0)).toBe(0);
    for (const option of [0, 1, 4]) expect(w.trap("thread_switch", 0, option, 0)).toBe(0);
    expect(w.trap("thread_switch", 0, 6, 0)).toBe(KERN_INVALID_ARGUMENT);
  });

  it("clock_sleep checks its arguments", () => {
    const { w, self } = world();
    const sleep = (clock: number, type: number, sec: number, nsec: number): number =>
      w.trap("clock_sleep_trap", clock, type, sec, nsec, w.scratch);
    expect(sleep(0, 2, 0, 0)).toBe(KERN_INVALID_VALUE);
    expect(sleep(0, 1, 0, 1_000_000_000)).toBe(KERN_INVALID_VALUE);
    expect(sleep(0, 1, -1, 0)).toBe(KERN_INVALID_VALUE);
    expect(sleep(0x1234, 1, 0, 0)).toBe(KERN_INVALID_ARGUMENT);
    expect(sleep(self, 1, 0, 0)).toBe(5); // KERN_FAILURE
    w.kernel.clock.skipTo(2_000_000_005n);
    expect(sleep(0, 0, 1, 0)).toBe(KERN_SUCCESS); // in the past
    expect(w.words32(w.scratch, 2)).toEqual([2, 5]);
  });
});
