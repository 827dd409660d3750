import { describe, expect, it } from "vitest";
import { THREAD_AWAKENED } from "../../../vm/blocking.js";
import { VM_MAP_COPYIN_ENTRY_LIST } from "../../../vm/map/copyin.js";
import { KERN_SUCCESS } from "../../../vm/types.js";
import { PAGE, vmWorld } from "../../support/vm-world.js";

const BASE = 0x10 * PAGE;

describe("vm_page_wait", () => {
  it("really sleeps when a fault got its first page but not its second", () => {
    let waits = 0;
    const w = vmWorld({
      pages: 512,
      onWait(wait, world) {
        expect(wait.reason).toBe("no free pages");
        waits += 1;
        world.unhoard(1);
        return THREAD_AWAKENED;
      },
    });
    const map = w.newMap();
    w.allocateAt(map, BASE, PAGE);
    w.write(map, BASE, [1]);
    const child = w.fork(map);
    w.allocateAt(child, BASE + PAGE, PAGE);
    const zero = w.copyinList(child, BASE + PAGE, 1, VM_MAP_COPYIN_ENTRY_LIST);
    // Takes a placeholder for the page, and then the page to copy to.
    w.hoard(w.system.pages.targets.reserved);
    expect(w.overwrite(child, BASE, zero)).toBe(KERN_SUCCESS);
    expect(waits).toBe(1);
    expect(w.peek(map, BASE)?.[0]).toBe(1);
  });
});
