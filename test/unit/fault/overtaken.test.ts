import { expect, it } from "vitest";
import { THREAD_ABORTSAFE, THREAD_AWAKENED } from "../../../vm/blocking.js";
import { vmFault } from "../../../vm/fault/index.js";
import { vmkFlagsFixed } from "../../../vm/map/flags.js";
import { vmObjectForVnode } from "../../../vm/object/index.js";
import { KERN_SUCCESS, VM_PROT_READ, VM_PROT_WRITE } from "../../../vm/types.js";
import { SlowPager, zeroFile } from "../../support/vm-threads.js";
import { PAGE, va, vmWorld } from "../../support/vm-world.js";

const BASE = 0x10 * PAGE;

it("a reader that waits for the pager below a copy object sees a page pushed meanwhile", () => {
  const w = vmWorld({ onWait: () => THREAD_AWAKENED });
  const backing = zeroFile(2 * PAGE);
  const pager = new SlowPager(w.system, backing);
  w.system.objects.vnodePagers.set(backing.key, pager);
  const file = vmObjectForVnode(w.system, backing);
  pager.deallocate();
  w.objects.add(file);
  const [owner, writer] = [w.newMap(), w.newMap()];
  const where = { address: va(BASE), size: 2 * PAGE, flags: vmkFlagsFixed() };
  w.mapObject(owner, where, file, 0, true);
  w.mapObject(writer, where, file, 0, false);
  // Shadow, copy object, file: the reader's first object is not the one that is pushed to.
  w.write(owner, BASE, [1]);
  const page = file.pages.get(1);
  if (page !== undefined) expect.fail("page 1 was read ahead");

  const reading = vmFault(owner, va(BASE + PAGE), VM_PROT_READ, false, THREAD_ABORTSAFE);
  expect(reading.next()).toMatchObject({ done: false, value: { reason: "disk" } });
  const access = VM_PROT_READ | VM_PROT_WRITE;
  w.finish(vmFault(writer, va(BASE + PAGE), access, false, THREAD_ABORTSAFE));
  expect(w.objectAt(owner, BASE).shadow?.residentPageCount).toBe(1); // the old contents
  expect(w.finish(reading)).toBe(KERN_SUCCESS);

  w.check();
  w.write(writer, BASE + PAGE, [7]);
  expect(w.read(owner, BASE + PAGE, 1)).toEqual(Uint8Array.of(0));
});
