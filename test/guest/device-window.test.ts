import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Pl011 } from "../../emulator/index.js";
import { Kernel, mapDeviceWindow } from "../../kernel-sim/index.js";
import { runNow } from "../../vm/blocking.js";
import { machVmCopy, machVmReadOverwrite, rawU64 } from "../../vm/mach-vm.js";
import {
  KERN_INVALID_ADDRESS,
  KERN_MEMORY_ERROR,
  KERN_PROTECTION_FAILURE,
  KERN_SUCCESS,
  PAGE_SIZE,
} from "../../vm/types.js";
import { DarwinWorld } from "../support/darwin-world.js";
import { assertNoReports, STRICT } from "../support/no-reports.js";

const BASE = 0x900_0000;
const WINDOW = { name: "pl011", base: BASE, size: 8 * PAGE_SIZE } as const;
const AT = 0x2_0000_0000;

describe("a PL011 in a task", () => {
  it.each([
    ["", "SIGSEGV"],
    [".elf", "SIGSEGV"],
  ])("is its own and its child's, until it is unmapped: uart%s", (suffix, signalName) => {
    let [text, sent] = ["", ""];
    const kernel = new Kernel({
      ...STRICT,
      ramBytes: 16 * 2 ** 20,
      console: {
        write(_fd, bytes) {
          text += new TextDecoder().decode(bytes);
        },
      },
    });
    const send = (byte: number): void => {
      sent += String.fromCharCode(byte);
    };
    kernel.machine.mapDevice(new Pl011(BASE, send, null, () => undefined));
    const program = `guests/bin/uart${suffix}`;
    const loaded = kernel.exec(readFileSync(program), program, ["uart", String(AT)]);
    if (!loaded.ok) throw new Error(loaded.error.toString());
    expect(mapDeviceWindow(kernel, loaded.task, WINDOW, AT)).toEqual({
      kr: KERN_SUCCESS,
      address: AT,
    });
    // Device memory: what vm_fault enters has the attributes of the window, and no frame.
    const attributes = new Set<number>();
    kernel.onFault = ({ address, pte }): void => {
      if (address >= AT && address < AT + PAGE_SIZE && pte !== null)
        attributes.add((pte.lo >> 2) & 7);
    };
    expect(kernel.run()).toMatchObject({ kind: "signaled", signalName });
    expect(sent).toBe("from the parent\nfrom the child\nand again\n");
    expect(text).toBe(
      [
        "peripheral: 011",
        "the kernel reads no device for a task: yes",
        "wiring it: success",
        "unwiring it: success",
        "unmapped: success",
        "",
      ].join("\n"),
    );
    expect([...attributes]).toEqual([7]);
    assertNoReports(kernel.machine.mmuReports);
    kernel.assertConsistent();
    kernel.shutdown();
    kernel.assertNoLeaks();
  });

  it("is not copied by the kernel, in neither direction", () => {
    const w = new DarwinWorld();
    w.kernel.machine.mapDevice(
      new Pl011(
        BASE,
        () => undefined,
        null,
        () => undefined,
      ),
    );
    expect(mapDeviceWindow(w.kernel, w.task, WINDOW, AT).kr).toBe(KERN_SUCCESS);
    const raw = (n: number): ReturnType<typeof rawU64> => rawU64(BigInt(n));
    const { map } = w.task;
    const memory = w.anonymous(8);
    for (const [pages, from, to] of [
      [1, KERN_INVALID_ADDRESS, KERN_INVALID_ADDRESS], // by a buffer of the kernel's
      [8, KERN_PROTECTION_FAILURE, KERN_MEMORY_ERROR], // by entries
    ] as const) {
      const size = raw(pages * PAGE_SIZE);
      expect(runNow(machVmCopy(map, raw(AT), size, raw(memory)))).toBe(from);
      expect(runNow(machVmCopy(map, raw(memory), size, raw(AT)))).toBe(to);
      const read = runNow(machVmReadOverwrite(map, raw(AT), size, raw(memory), map));
      expect(read.kr).toBe(from);
    }
    expect(w.read(AT, 4)).toBe("EFAULT");
    expect(w.write(AT, [1])).toBe("EFAULT");
    w.kernel.current = null;
    w.kernel.scheduler.enqueue(w.thread);
    w.kernel.assertConsistent();
  });
});
