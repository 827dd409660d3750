import { machVmWire, rawProt } from "../../../vm/mach-vm.js";
import { KERN_SUCCESS, PAGE_SIZE } from "../../../vm/types.js";
import type { Routines } from "./mig.js";

/**
 * Routines of subsystems mach_host and host_priv. XNU: mach/mach_host.defs, mach/host_priv.defs. Differs from XNU:
 * the port host_self gives is the privileged one, as for programs of the super-user there.
 */
export const HOST_ROUTINES: Routines = {
  202: { bytes: 24, run: () => [KERN_SUCCESS, BigInt(PAGE_SIZE)] },
  418: {
    bytes: 68,
    carries: "port",
    *run({ privileged, mapOf }, r) {
      const map = mapOf(r.port());
      return [yield* machVmWire(privileged, map, r.u64(48), r.u64(56), rawProt(r.u32(64)))];
    },
  },
};
