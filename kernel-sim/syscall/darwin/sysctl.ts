import { COUNTER_HZ } from "../../../emulator/arch/sysreg.js";
import type { Blocking } from "../../../vm/blocking.js";
import { userWireLimitBytes } from "../../../vm/map/wire-counts.js";
import { ARG_MAX } from "../../loader/initial-stack.js";
import { PATH_MAX } from "./abi.js";
import type { BsdResult, DarwinCall } from "./call.js";

const CTL_MAXNAME = 12;
const CPU_TYPE_ARM64 = 0x0100_000c;
const CPU_SUBTYPE_ARM64_V8 = 1;
const LITTLE_ENDIAN_ORDER = 1234;
const CACHE_LINE_BYTES = 64;
const NANOSECONDS = 1_000_000_000n;

/** A node that can be read: its value as a program gets it. */
interface SysctlRow {
  readonly name: string;
  /** Numbers of the old interface; nodes without them are found by name only. */
  readonly oid: readonly number[] | null;
  readonly value: (c: DarwinCall) => Uint8Array;
}

type Value<T> = T | ((c: DarwinCall) => T);

function read<T>(value: Value<T>, c: DarwinCall): T {
  return typeof value === "function" ? (value as (c: DarwinCall) => T)(c) : value;
}

function text(name: string, oid: SysctlRow["oid"], value: Value<string>): SysctlRow {
  return { name, oid, value: (c) => new TextEncoder().encode(`${read(value, c)}\0`) };
}

function int(name: string, oid: SysctlRow["oid"], value: Value<number>): SysctlRow {
  return { name, oid, value: (c) => new Uint8Array(new Int32Array([read(value, c)]).buffer) };
}

function quad(name: string, oid: SysctlRow["oid"], value: Value<number | bigint>): SysctlRow {
  return {
    name,
    oid,
    value: (c) => new Uint8Array(new BigUint64Array([BigInt(read(value, c))]).buffer),
  };
}

/** struct timeval of the moment the machine was switched on. */
function bootTime(c: DarwinCall): Uint8Array {
  const { clock } = c.kernel;
  const boot = clock.realtimeNanoseconds - clock.nanoseconds;
  const seconds = boot / NANOSECONDS;
  return new Uint8Array(new BigInt64Array([seconds, (boot % NANOSECONDS) / 1000n]).buffer);
}

function ramBytes(c: DarwinCall): number {
  return c.kernel.machine.memory.ramBytes;
}

function wireLimit(c: DarwinCall): number {
  return userWireLimitBytes(c.kernel.vm);
}

function pageSize(c: DarwinCall): number {
  return c.task.map.pageSize;
}

const RELEASE = "24.4.0";

/** What can be asked. XNU: kern_mib.c, kern_sysctl.c, vm_unix.c. */
export const SYSCTLS: readonly SysctlRow[] = [
  text("kern.ostype", [1, 1], "Darwin"),
  text("kern.osrelease", [1, 2], RELEASE),
  text("kern.version", [1, 4], `Darwin Kernel Version ${RELEASE}: machvm/ARM64`),
  int("kern.argmax", [1, 8], ARG_MAX),
  text("kern.hostname", [1, 10], "machvm"),
  { name: "kern.boottime", oid: [1, 21], value: bootTime },
  quad("kern.usrstack64", [1, 59], (c) => c.task.userStack),
  text("kern.osversion", [1, 65], "24E248"),
  text("kern.osproductversion", null, "15.4"),
  text("hw.machine", [6, 1], "arm64"),
  int("hw.ncpu", [6, 3], 1),
  int("hw.byteorder", [6, 4], LITTLE_ENDIAN_ORDER),
  int("hw.pagesize_compat", [6, 7], pageSize),
  quad("hw.pagesize", null, pageSize),
  quad("hw.memsize", [6, 24], ramBytes),
  int("hw.activecpu", [6, 25], 1),
  int("hw.physicalcpu", null, 1),
  int("hw.physicalcpu_max", null, 1),
  int("hw.logicalcpu", null, 1),
  int("hw.logicalcpu_max", null, 1),
  int("hw.cputype", null, CPU_TYPE_ARM64),
  int("hw.cpusubtype", null, CPU_SUBTYPE_ARM64_V8),
  int("hw.cpu64bit_capable", null, 1),
  quad("hw.cachelinesize", null, CACHE_LINE_BYTES),
  quad("hw.tbfrequency", null, COUNTER_HZ),
  quad("vm.user_wire_limit", null, wireLimit),
  quad("vm.global_user_wire_limit", null, wireLimit),
  int("vm.pagesize", null, pageSize),
];

/** name, namelen (words), old, oldlenp, new, newlen. */
export function* sysctl(c: DarwinCall): Blocking<BsdResult> {
  const count = c.uint(1);
  if (count < 2 || count > CTL_MAXNAME) return "EINVAL";
  const bytes = yield* c.copyIn(c.u64(0), 4 * count);
  if (!bytes.ok) return bytes.errno;
  const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
  const oid = Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true));
  const row = SYSCTLS.find((r) => r.oid?.length === count && r.oid.every((n, i) => n === oid[i]));
  return yield* answer(c, row);
}

/** name, namelen (bytes, without a NUL), old, oldlenp, new, newlen. */
export function* sysctlbyname(c: DarwinCall): Blocking<BsdResult> {
  const length = c.size(1);
  if (length >= PATH_MAX) return "ENAMETOOLONG";
  const bytes = yield* c.copyIn(c.u64(0), length);
  if (!bytes.ok) return bytes.errno;
  const name = new TextDecoder().decode(bytes.value).replace(/\0.*$/s, "");
  return yield* answer(
    c,
    SYSCTLS.find((row) => row.name === name),
  );
}

/**
 * Store what fits and always the length. XNU: kern_newsysctl.c userland_sysctl.
 * @returns ENOMEM when the value was cut; EPERM for a new value: nothing can be set
 */
function* answer(c: DarwinCall, row: SysctlRow | undefined): Blocking<BsdResult> {
  const [old, lengthAt] = [c.u64(2), c.u64(3)];
  let room = 0;
  if (lengthAt !== 0n) {
    const bytes = yield* c.copyIn(lengthAt, 8);
    if (!bytes.ok) return bytes.errno;
    room = Number(new DataView(bytes.value.buffer, bytes.value.byteOffset).getBigUint64(0, true));
  }
  if (row === undefined) return "ENOENT";
  if (c.u64(4) !== 0n) return "EPERM";
  const value = row.value(c);
  if (old === 0n) {
    return lengthAt === 0n ? 0 : ((yield* c.copyOutWords(lengthAt, [value.length])) ?? 0);
  }
  const told = value.subarray(0, Math.min(room, value.length));
  const fault = yield* c.copyOut(old, told);
  if (fault !== null) return fault;
  if (lengthAt !== 0n) {
    const unwritten = yield* c.copyOutWords(lengthAt, [told.length]);
    if (unwritten !== null) return unwritten;
  }
  return told.length < value.length ? "ENOMEM" : 0;
}
