import { describe, expect, it } from "vitest";
import { faultKdebug } from "../../../vm/fault/index.js";
import { KERN_INVALID_ADDRESS } from "../../../vm/types.js";
import { PAGE } from "../../support/vm-world.js";
import { A, FaultWorld, READ, WRITE } from "./fault-world.js";

describe("the kdebug events of a fault", () => {
  it("are START, the path, the page with all its fields, END", () => {
    const w = new FaultWorld();
    w.allocateAt(w.map, A, 2 * PAGE);
    const event = w.event(A + PAGE + 5, WRITE);
    expect(faultKdebug(event, A + PAGE + 5, 42)).toEqual([
      { id: 0x0130_0009, args: [0, A + PAGE, 0, 0] },
      { id: 0x0132_0018, args: [42, 0, 0, 0] },
      { id: 0x0132_0008, args: [A + PAGE + 5, (WRITE << 8) | 1, PAGE, 42] },
      { id: 0x0130_000a, args: [0, A + PAGE, 0, 1] },
    ]);
  });

  it("name a file's page external, and the slow path slow", () => {
    const w = new FaultWorld();
    w.place(w.fileObject(2), A, 2, false);
    const records = faultKdebug(w.event(A + PAGE, READ), A + PAGE, 1);
    expect(records.map(({ id }) => id)).toEqual([
      0x0130_0009, 0x0132_001c, 0x0132_0010, 0x0130_000a,
    ]);
    expect(records[2]?.args).toEqual([A + PAGE, (READ << 8) | 7, PAGE, 1]);
  });

  it("are START and END alone when the map refuses", () => {
    const w = new FaultWorld();
    const [event] = w.fault(A, READ).events;
    expect(faultKdebug(event!, A, 1)).toEqual([
      { id: 0x0130_0009, args: [0, A, 0, 0] },
      { id: 0x0130_000a, args: [0, A, KERN_INVALID_ADDRESS, 4] },
    ]);
  });
});
