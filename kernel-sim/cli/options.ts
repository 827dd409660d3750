import { InvalidArgumentError } from "commander";
import { parseTlb, type TlbOptions } from "../../emulator/index.js";

/** Command-line values: each parser refuses what the machine cannot do, in one clear line. */

const UNITS: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
const MIN_RAM = 8 * 2 ** 20;
const MAX_RAM = 3 * 2 ** 30;
const RAM_STEP = 2 ** 16;

/** `256M`, `1G`, `65536K` or plain bytes, between 8 MiB and 3 GiB. @returns bytes */
export function parseRam(text: string): number {
  const match = /^(\d+)([kmg]?)(?:i?b)?$/i.exec(text);
  const bytes = match === null ? NaN : Number(match[1]) * (UNITS[match[2]!.toLowerCase()] ?? NaN);
  if (!Number.isSafeInteger(bytes)) {
    throw new InvalidArgumentError("expected a size such as 256M or 1G.");
  }
  if (bytes < MIN_RAM || bytes > MAX_RAM) {
    throw new InvalidArgumentError("RAM must be between 8M and 3G.");
  }
  if (bytes % RAM_STEP !== 0) throw new InvalidArgumentError("RAM must be a multiple of 64K.");
  return bytes;
}

/** A seed: decimal or 0x hexadecimal, below 2^32. */
export function parseSeed(text: string): number {
  return parseWhole(text, 2 ** 32 - 1, "a seed is a whole number below 2^32.");
}

/** A number of guest instructions. */
export function parseCount(text: string): number {
  return parseWhole(text, Number.MAX_SAFE_INTEGER, "expected a whole number of instructions.");
}

const MAX_BOOTARGS = 2048;

/** Boot arguments: one line, as long as Linux takes them. */
export function parseBootargs(text: string): string {
  if (text.length > MAX_BOOTARGS || /[\0\n]/.test(text)) {
    throw new InvalidArgumentError(`expected one line of at most ${MAX_BOOTARGS} characters.`);
  }
  return text;
}

/** A bound of translated code in MiB, 1 to 1024. @returns bytes */
export function parseCodeCache(text: string): number {
  const complaint = "expected a whole number of MiB, 1 to 1024.";
  const mebibytes = parseWhole(text, 1024, complaint);
  if (mebibytes === 0) throw new InvalidArgumentError(complaint);
  return mebibytes * 2 ** 20;
}

/** The shape of the TLB (emulator/mmu/tlb-options.ts). */
export function parseTlbOption(text: string): TlbOptions {
  const parsed = parseTlb(text);
  if (!parsed.ok) throw new InvalidArgumentError(`${parsed.error}.`);
  return parsed.options;
}

function parseWhole(text: string, max: number, complaint: string): number {
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value) || value > max) throw new InvalidArgumentError(complaint);
  return value;
}
