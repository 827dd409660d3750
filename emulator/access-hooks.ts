import type { AccessHook } from "./engine.js";
import type { Hooks } from "./hooks.js";
import { ACCESS_WRITE } from "./mmu/access.js";
import type { PhysMemory } from "./mmu/phys-memory.js";
import { addressOf } from "./virtual-memory.js";

/** Tells hooks about every data access, with the value that is read or written. */
export function accessHook(hooks: Hooks, memory: PhysMemory): AccessHook {
  return (access, vaLo, vaHi, bytes, host) => {
    const kind = access === ACCESS_WRITE ? "write" : "read";
    if (!hooks.has(kind)) return;
    let value = 0n;
    for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(memory.u8[host + i]!);
    const address = addressOf(vaLo, vaHi);
    hooks.tell(kind, address, { address, size: bytes, value });
  };
}
