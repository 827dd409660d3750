/**
 * One run of a workload's bare-metal image on native libunicorn: memory mapped flat, the MMU off, one call
 * of `workload` and no system call. unicorn.js FILE SIZE
 */
import { readFileSync } from "node:fs";
import { parseElf } from "../../../kernel-sim/loader/elf.js";
import { LoadError } from "../../../kernel-sim/loader/errors.js";
import { UC_REG, Unicorn } from "../../support/unicorn.js";
import { since, threadTime } from "../timing.js";
import { checksumText, report } from "./report.js";

const RAM = 0x4000_0000;
const RAM_BYTES = 256 * 2 ** 20;
const STACK_TOP = RAM + RAM_BYTES - 4096;
/** Where `workload` returns to: mapped, and nobody's. */
const END = RAM;

const [file = "", size = "1"] = process.argv.slice(2);
const image = parseElf(readFileSync(file));
if (image instanceof LoadError) throw new Error(image.toString());
const entry = image.symbols.addressOf("workload");
if (entry === null) throw new Error(`${file} has no symbol "workload"`);

const cpu = new Unicorn();
cpu.map(RAM, RAM_BYTES);
for (const { vmAddress, fileOffset, fileSize } of image.segments) {
  if (fileSize > 0) cpu.write(vmAddress, image.bytes.subarray(fileOffset, fileOffset + fileSize));
}
writeRegister(UC_REG.x(0), BigInt(size));
writeRegister(UC_REG.x(30), BigInt(END));
writeRegister(UC_REG.sp, BigInt(STACK_TOP));
const start = threadTime();
const error = cpu.run(entry, END);
const time = since(start);
if (error !== 0) throw new Error(`uc_emu_start failed with error ${error}`);
const result = new DataView(cpu.readRegister(UC_REG.x(0)).buffer).getBigUint64(0, true);
report({ time, output: checksumText(result) });

function writeRegister(register: number, value: bigint): void {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  cpu.writeRegister(register, bytes);
}
