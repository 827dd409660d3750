import type { Blocking } from "../../../vm/blocking.js";
import { vmMapSetDataLimit, vmMapSetSizeLimit } from "../../../vm/map/lifecycle.js";
import {
  RLIM_INFINITY,
  RLIM_NLIMITS,
  RLIMIT_AS,
  RLIMIT_CORE,
  RLIMIT_DATA,
  RLIMIT_MEMLOCK,
  RLIMIT_NOFILE,
  RLIMIT_POSIX_FLAG,
  RLIMIT_STACK,
} from "./abi.js";
import type { BsdResult, DarwinCall } from "./call.js";
import { MAXSSIZ } from "./signals.js";

/** Descriptors a task can ever have. XNU: maxfilesperproc (OPEN_MAX). */
const OPEN_MAX = 10240;
/** What lies below the stack's limit stays a guard, so the stack never takes all of MAXSSIZ. */
const STACK_GUARD = 16384;

function toWord(limit: number): bigint {
  return limit === Infinity ? RLIM_INFINITY : BigInt(limit);
}

function fromWord(word: bigint): number {
  return word >= RLIM_INFINITY ? Infinity : Number(word);
}

function softLimit(c: DarwinCall, resource: number): number {
  const { limits } = c.task;
  switch (resource) {
    case RLIMIT_STACK:
      return limits.stack;
    case RLIMIT_DATA:
      return limits.data;
    case RLIMIT_MEMLOCK:
      return limits.memlock;
    case RLIMIT_NOFILE:
      return limits.nofile;
    case RLIMIT_CORE:
      return c.state.softLimits.get(resource) ?? 0;
    default:
      return c.state.softLimits.get(resource) ?? Infinity;
  }
}

function hardLimit(c: DarwinCall, resource: number): number {
  const lowered = c.state.hardLimits.get(resource);
  if (lowered !== undefined) return lowered;
  return resource === RLIMIT_STACK ? MAXSSIZ - STACK_GUARD : Infinity;
}

/** The flag libc adds changes nothing here. */
function resourceArgument(c: DarwinCall): number | null {
  const resource = c.uint(0) & ~RLIMIT_POSIX_FLAG;
  return resource >= 0 && resource < RLIM_NLIMITS ? resource : null;
}

export function* getrlimit(c: DarwinCall): Blocking<BsdResult> {
  const resource = resourceArgument(c);
  if (resource === null) return "EINVAL";
  const words = [toWord(softLimit(c, resource)), toWord(hardLimit(c, resource))];
  return (yield* c.copyOutWords(c.u64(1), words)) ?? 0;
}

/**
 * XNU: kern_resource.c setrlimit, dosetrlimit. A hard limit only goes down; the limit on locked
 * memory holds at once.
 */
export function* setrlimit(c: DarwinCall): Blocking<BsdResult> {
  const bytes = yield* c.copyIn(c.u64(1), 16);
  if (!bytes.ok) return bytes.errno;
  const resource = resourceArgument(c);
  if (resource === null) return "EINVAL";
  const view = new DataView(bytes.value.buffer, bytes.value.byteOffset);
  const soft = fromWord(view.getBigUint64(0, true));
  const hard = fromWord(view.getBigUint64(8, true));
  const allowed = hardLimit(c, resource);
  if (soft > hard) return "EINVAL";
  if (soft > allowed || hard > allowed) return "EPERM";
  if (!applySoft(c, resource, soft)) return "EINVAL";
  if (hard !== allowed) c.state.hardLimits.set(resource, hard);
  return 0;
}

/** @returns false if the limit cannot be what was asked */
function applySoft(c: DarwinCall, resource: number, soft: number): boolean {
  const { limits, map, files } = c.task;
  switch (resource) {
    case RLIMIT_STACK:
      limits.stack = Math.min(soft, MAXSSIZ - STACK_GUARD);
      return true;
    case RLIMIT_DATA:
      limits.data = soft;
      vmMapSetDataLimit(map, soft);
      return true;
    case RLIMIT_MEMLOCK:
      limits.memlock = soft;
      map.userWireLimit = soft;
      return true;
    case RLIMIT_NOFILE:
      if (soft > OPEN_MAX) return false;
      limits.nofile = soft;
      files.limit = soft;
      return true;
    case RLIMIT_AS:
      vmMapSetSizeLimit(map, soft);
      break;
    default:
      break;
  }
  c.state.softLimits.set(resource, soft);
  return true;
}
