import { MACH_VM_MAX_ADDRESS } from "../../../vm/types.js";
import { parseArgs } from "../row.js";
import { NO_RESULT, type DarwinCall, type PlatformRow } from "./call.js";

/** The value of a thread's cthread pointer, if it could point anywhere. XNU: thread_set_cthread_self. */
function setCthreadSelf(c: DarwinCall): typeof NO_RESULT {
  const value = c.u64(0);
  const valid = value <= BigInt(MACH_VM_MAX_ADDRESS);
  c.kernel.cpu.setSysreg("TPIDRRO_EL0", valid ? value : 0n);
  return NO_RESULT;
}

/** Cache maintenance that this architecture version lets programs do themselves: nothing to do. */
function nothing(): typeof NO_RESULT {
  return NO_RESULT;
}

/** x16 = 0x80000000, selector in w3. XNU: machdep platform_syscall. */
export const PLATFORM_ROWS: readonly PlatformRow[] = [
  { selector: 0, name: "icache_flush", args: parseArgs(""), handler: nothing },
  { selector: 1, name: "dcache_flush", args: parseArgs(""), handler: nothing },
  {
    selector: 2,
    name: "set_cthread_self",
    args: parseArgs("self:pointer"),
    handler: setCthreadSelf,
  },
  {
    selector: 3,
    name: "get_cthread_self",
    args: parseArgs(""),
    handler: (c) => c.kernel.cpu.sysreg("TPIDRRO_EL0"),
  },
];
