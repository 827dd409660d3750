import { check } from "../arch/check.js";

/** Bytes of one access as a device sees it; wider and misaligned ones come in pieces, low addresses first. */
export type DeviceAccessBytes = 1 | 2 | 4;

/** Registers in physical memory: what a load or a store does there is up to the device. */
export interface MmioDevice {
  /** For messages. */
  readonly name: string;
  /** Physical address of the first byte, and how many there are. Neither RAM nor another device may be there. */
  readonly base: number;
  readonly sizeBytes: number;
  /**
   * @param offset from `base`, a multiple of `bytes`
   * @returns an unsigned value, or null: the access is an external abort
   */
  read(offset: number, bytes: DeviceAccessBytes): number | null;
  /** @param value unsigned. @returns false: the access is an external abort */
  write(offset: number, bytes: DeviceAccessBytes, value: number): boolean;
}

/** The bytes of a 32-bit register that an access at an offset reads. */
export function partOfWord(word: number, offset: number, bytes: DeviceAccessBytes): number {
  if (bytes === 4) return word >>> 0;
  return (word >>> (8 * (offset & 3))) & (bytes === 1 ? 0xff : 0xffff);
}

const MAX_PHYSICAL = 2 ** 48;

/** The physical address space outside RAM: which device answers where. */
export class Bus {
  readonly #devices: MmioDevice[] = [];
  #last: MmioDevice | null = null;

  /** @throws HostBug if the range overlaps another device's, or `[ramBase, ramEnd)` */
  map(device: MmioDevice, ramBase: number, ramEnd: number): void {
    const { base, sizeBytes } = device;
    const end = base + sizeBytes;
    check(
      Number.isSafeInteger(base) && Number.isSafeInteger(sizeBytes) && base >= 0 && sizeBytes > 0,
      "bad device range",
      device.name,
    );
    check(end <= MAX_PHYSICAL, "device outside the physical address space", device.name);
    check(end <= ramBase || base >= ramEnd, "device overlaps RAM", device.name);
    for (const other of this.#devices) {
      const apart = end <= other.base || base >= other.base + other.sizeBytes;
      check(apart, "devices overlap", device.name, other.name);
    }
    this.#devices.push(device);
  }

  /** @returns false if the device is not there */
  unmap(device: MmioDevice): boolean {
    const at = this.#devices.indexOf(device);
    if (at < 0) return false;
    this.#devices.splice(at, 1);
    this.#last = null;
    return true;
  }

  /** Whether a device answers at a physical address. */
  has(physical: number): boolean {
    return this.#find(physical) !== null;
  }

  #find(physical: number): MmioDevice | null {
    const last = this.#last;
    if (last !== null && isIn(last, physical)) return last;
    for (const device of this.#devices) {
      if (!isIn(device, physical)) continue;
      this.#last = device;
      return device;
    }
    return null;
  }

  /** Fill `into` from `physical` on. @returns false: external abort */
  read(physical: number, into: Uint8Array): boolean {
    return eachPiece(physical, into.length, (address, at, bytes) => {
      const device = this.#find(address);
      const value = device?.read(address - device.base, bytes) ?? null;
      if (value === null) return false;
      for (let i = 0; i < bytes; i++) into[at + i] = value >>> (8 * i);
      return true;
    });
  }

  /** Write `from` to `physical` on. @returns false: external abort; pieces before the one refused are written */
  write(physical: number, from: Uint8Array): boolean {
    return eachPiece(physical, from.length, (address, at, bytes) => {
      const device = this.#find(address);
      if (device === null) return false;
      let value = 0;
      for (let i = bytes - 1; i >= 0; i--) value = (value << 8) | from[at + i]!;
      return device.write(address - device.base, bytes, value >>> 0);
    });
  }
}

function isIn(device: MmioDevice, physical: number): boolean {
  return physical >= device.base && physical < device.base + device.sizeBytes;
}

/** Cut an access into naturally aligned pieces of at most four bytes, until `visit` says false. */
function eachPiece(
  physical: number,
  length: number,
  visit: (address: number, at: number, bytes: DeviceAccessBytes) => boolean,
): boolean {
  for (let at = 0; at < length;) {
    const address = physical + at;
    const left = length - at;
    const bytes = address % 4 === 0 && left >= 4 ? 4 : address % 2 === 0 && left >= 2 ? 2 : 1;
    if (!visit(address, at, bytes)) return false;
    at += bytes;
  }
  return true;
}
