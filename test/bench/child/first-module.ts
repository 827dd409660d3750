/** The first translation of a process: three instructions and a system call on a bare CPU. */
import { Machine } from "../../../emulator/index.js";
import { since, threadTime } from "../timing.js";
import { report } from "./report.js";

const START = 0x4000_0000;
const machine = new Machine({ ramBytes: 16 * 2 ** 20, exceptions: "host" });
// mov x0, #42; add x0, x0, #1; svc #0
machine.memory
  .view(START, 12)
  .set(new Uint8Array(new Uint32Array([0xd2800540, 0x91000400, 0xd4000001]).buffer));
machine.cpu.pc = BigInt(START);
const start = threadTime();
machine.run(1000);
report({ time: since(start), output: String(machine.cpu.x(0)) });
