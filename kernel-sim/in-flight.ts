import { PAGE_SIZE, type VmOffset } from "../vm/types.js";
import { vmMapCreate } from "../vm/map/lifecycle.js";
import type { VmMapCopy } from "../vm/map/copy.js";
import type { VmMap } from "../vm/map/map.js";
import type { VmSystem } from "../vm/system.js";

/** Most bytes of messages, and of memory copied by value with them, that wait at any time. */
const MAX_BYTES = 64 * 2 ** 20;
/** Of the map that physical copies are made in. XNU: ipc_kernel_copy_map_size. */
const COPY_MAP_BYTES = 8 * 2 ** 20;

/** What messages on their way between tasks hold: so that it can be added up, and has an end. */
export class InFlight {
  /** Out-of-line memory. */
  readonly copies = new Set<VmMapCopy>();
  /** Memory to be copied at once, whatever its size, goes through here. XNU: ipc_kernel_copy_map. */
  readonly copyMap: VmMap;
  #bytes = 0;
  #arrivals = 0;

  constructor(vm: VmSystem) {
    const start = PAGE_SIZE as VmOffset;
    const end = (PAGE_SIZE + COPY_MAP_BYTES) as VmOffset;
    this.copyMap = vmMapCreate(vm, null, start, end, undefined, "ipc copy");
  }

  /** Bytes that messages hold in the host's memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Messages in the order in which they came into their queues. */
  nextArrival(): number {
    this.#arrivals += 1;
    return this.#arrivals;
  }

  /** @returns false if there is no room for a message of so many bytes */
  takeBytes(bytes: number): boolean {
    if (this.#bytes + bytes > MAX_BYTES) return false;
    this.#bytes += bytes;
    return true;
  }

  releaseBytes(bytes: number): void {
    this.#bytes -= bytes;
  }
}
