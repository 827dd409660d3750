import {
  THREAD_ABORTSAFE,
  THREAD_TIMED_OUT,
  type Blocking,
  type Wait,
} from "../../../vm/blocking.js";
import { pmapExtract } from "../../../vm/pmap/index.js";
import { type VmOffset } from "../../../vm/types.js";
import type { Kernel } from "../../kernel.js";
import { sleepUntil } from "../../timer.js";
import {
  FUTEX_CLOCK_REALTIME,
  FUTEX_CMD_MASK,
  FUTEX_WAIT,
  FUTEX_WAIT_BITSET,
  FUTEX_WAKE,
  FUTEX_WAKE_BITSET,
} from "./abi.js";
import type { LinuxCall, LinuxResult } from "./call.js";
import { readTime } from "./time.js";

/** Somebody asleep on a word of memory. */
interface Waiter {
  readonly bits: number;
}

/** Sleepers by the physical address of their word, first come first, of each machine. */
const machines = new WeakMap<Kernel, Map<number, Waiter[]>>();

function queuesOf(kernel: Kernel): Map<number, Waiter[]> {
  let queues = machines.get(kernel);
  if (queues === undefined) {
    queues = new Map();
    machines.set(kernel, queues);
  }
  return queues;
}

const ALL_BITS = 0xffff_ffff;

/**
 * futex: wait for a word to change, and wake who waits. Between tasks the word is the same if its
 * memory is; tasks have one thread, so within a task nobody else can wake it.
 *
 * Differs from Linux: only the two kinds of wait and wake; the others answer ENOSYS.
 */
export function* futex(c: LinuxCall): Blocking<LinuxResult> {
  const address = c.u64(0);
  if (address % 4n !== 0n) return "EINVAL";
  const command = c.int(1) & FUTEX_CMD_MASK & ~FUTEX_CLOCK_REALTIME;
  switch (command) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
      return yield* wait(c, address, command === FUTEX_WAIT ? null : c.uint(5));
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
      return wake(c, address, command === FUTEX_WAKE ? ALL_BITS : c.uint(5));
    default:
      return "ENOSYS";
  }
}

/** @param bits null for FUTEX_WAIT, whose timeout is relative; the other's is a point in time */
function* wait(c: LinuxCall, address: bigint, bits: number | null): Blocking<LinuxResult> {
  if (bits === 0) return "EINVAL";
  let deadline: bigint | null = null;
  if (c.u64(3) !== 0n) {
    const time = yield* readTime(c, c.u64(3));
    if (typeof time === "string") return time;
    const { clock } = c.kernel;
    deadline = bits === null ? clock.nanoseconds + time : time;
    if (bits !== null && (c.int(1) & FUTEX_CLOCK_REALTIME) !== 0) {
      deadline -= clock.realtimeNanoseconds - clock.nanoseconds;
    }
  }
  const word = yield* c.copyIn(address, 4);
  if (!word.ok) return word.errno;
  const value = new DataView(word.value.buffer, word.value.byteOffset).getUint32(0, true);
  if (value !== c.uint(2)) return "EAGAIN";

  const key = physicalAddress(c, address);
  const waiter = { bits: bits ?? ALL_BITS };
  const queues = queuesOf(c.kernel);
  queues.set(key, [...(queues.get(key) ?? []), waiter]);
  const sleep: Wait = { channel: waiter, interruptible: THREAD_ABORTSAFE, reason: "futex" };
  const result = yield* sleepUntil(c.kernel, sleep, deadline);
  const woken = !remove(queues, key, waiter);
  if (woken) return 0;
  return result === THREAD_TIMED_OUT ? "ETIMEDOUT" : "EINTR";
}

function wake(c: LinuxCall, address: bigint, bits: number): LinuxResult {
  if (bits === 0) return "EINVAL";
  const queues = queuesOf(c.kernel);
  const key = physicalAddress(c, address);
  const waiters = (queues.get(key) ?? []).filter((w) => (w.bits & bits) !== 0);
  const chosen = waiters.slice(0, Math.max(c.int(2), 0));
  for (const waiter of chosen) {
    remove(queues, key, waiter);
    c.kernel.vm.wakeup(waiter);
  }
  return chosen.length;
}

/** @returns whether it was still there */
function remove(queues: Map<number, Waiter[]>, key: number, waiter: Waiter): boolean {
  const list = queues.get(key) ?? [];
  const rest = list.filter((w) => w !== waiter);
  if (rest.length > 0) queues.set(key, rest);
  else queues.delete(key);
  return rest.length < list.length;
}

/** Where the word is, in bytes; one nobody has touched is at a place of its own. */
function physicalAddress(c: LinuxCall, address: bigint): number {
  const { pmap } = c.task.map;
  const va = Number(address) as VmOffset;
  const physical = pmap === null ? 0 : pmapExtract(pmap, va);
  return physical === 0 ? va % c.pageSize : physical;
}
