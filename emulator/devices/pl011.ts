import type { DeviceAccessBytes, MmioDevice } from "./bus.js";
import { identification } from "./identification.js";
import type { Signal } from "./signal.js";

/**
 * PrimeCell UART (PL011), Arm DDI 0183. Sends at once and at any speed; flow control, DMA and line errors are registers
 * without effect. As QEMU's: what is written while the UART is disabled is sent all the same.
 */

/** What the guest can receive. */
export interface UartInput {
  /**
   * At most `max` bytes, none when there is no more; may wait for somebody to type. Asked only when the guest looks for
   * input and has nothing left.
   */
  receive(max: number): Uint8Array;
}

const REG = {
  DR: 0x00,
  RSR: 0x04,
  FR: 0x18,
  ILPR: 0x20,
  IBRD: 0x24,
  FBRD: 0x28,
  LCR_H: 0x2c,
  CR: 0x30,
  IFLS: 0x34,
  IMSC: 0x38,
  RIS: 0x3c,
  MIS: 0x40,
  ICR: 0x44,
  DMACR: 0x48,
} as const;

const FR_RXFE = 1 << 4;
const FR_RXFF = 1 << 6;
const FR_TXFE = 1 << 7;
const LCR_H_FEN = 1 << 4;
const INT_RX = 1 << 4;
const INT_TX = 1 << 5;
const INT_BITS = 0x7ff;
const FIFO_BYTES = 16;
const PERIPHERAL_ID = [0x11, 0x10, 0x14, 0x00] as const;

export class Pl011 implements MmioDevice {
  readonly name = "pl011";
  readonly base: number;
  readonly sizeBytes = 0x1000;
  readonly #send: (byte: number) => void;
  readonly #input: UartInput | null;
  readonly #output: Signal;
  #received: number[] = [];
  /** Reads of FR since anything was sent or received: who looks twice waits for input. */
  #looks = 0;
  #raw = 0;
  #mask = 0;
  #lcrH = 0;
  #control = 0x300;
  #ibrd = 0;
  #fbrd = 0;
  #ilpr = 0;
  #ifls = 0x12;
  #dmacr = 0;

  /**
   * @param send takes each byte the guest sends
   * @param output the interrupt
   */
  constructor(base: number, send: (byte: number) => void, input: UartInput | null, output: Signal) {
    this.base = base;
    this.#send = send;
    this.#input = input;
    this.#output = output;
  }

  reset(): void {
    this.#received = [];
    this.#looks = this.#raw = this.#mask = this.#lcrH = 0;
    this.#ibrd = this.#fbrd = this.#ilpr = this.#dmacr = 0;
    this.#control = 0x300;
    this.#ifls = 0x12;
    this.#update();
  }

  /** Ask for input, as on an idle line. @returns whether there was any */
  listen(): boolean {
    const depth = (this.#lcrH & LCR_H_FEN) !== 0 ? FIFO_BYTES : 1;
    if (this.#received.length > 0) return false;
    const bytes = this.#input?.receive(depth) ?? [];
    this.#received.push(...bytes);
    if (bytes.length === 0) return false;
    this.#raw |= INT_RX;
    this.#update();
    return true;
  }

  read(offset: number, _bytes: DeviceAccessBytes): number | null {
    switch (offset & ~3) {
      case REG.DR:
        return this.#receive();
      case REG.FR:
        return this.#flags();
      case REG.ILPR:
        return this.#ilpr;
      case REG.IBRD:
        return this.#ibrd;
      case REG.FBRD:
        return this.#fbrd;
      case REG.LCR_H:
        return this.#lcrH;
      case REG.CR:
        return this.#control;
      case REG.IFLS:
        return this.#ifls;
      case REG.IMSC:
        return this.#mask;
      case REG.RIS:
        return this.#raw;
      case REG.MIS:
        return this.#raw & this.#mask;
      case REG.DMACR:
        return this.#dmacr;
      default:
        return identification(offset, PERIPHERAL_ID) ?? 0;
    }
  }

  write(offset: number, _bytes: DeviceAccessBytes, value: number): boolean {
    switch (offset & ~3) {
      case REG.DR:
        this.#looks = 0;
        this.#send(value & 0xff);
        this.#raw |= INT_TX;
        break;
      case REG.ILPR:
        this.#ilpr = value & 0xff;
        break;
      case REG.IBRD:
        this.#ibrd = value & 0xffff;
        break;
      case REG.FBRD:
        this.#fbrd = value & 0x3f;
        break;
      case REG.LCR_H:
        this.#lcrH = value & 0xff;
        break;
      case REG.CR:
        this.#control = value & 0xffff;
        break;
      case REG.IFLS:
        this.#ifls = value & 0x3f;
        break;
      case REG.IMSC:
        this.#mask = value & INT_BITS;
        break;
      case REG.ICR:
        this.#raw &= ~value;
        break;
      case REG.DMACR:
        this.#dmacr = value & 7;
        break;
      default:
      // Read-only and reserved registers ignore writes.
    }
    this.#update();
    return true;
  }

  #receive(): number {
    this.#looks = 0;
    const byte = this.#received.shift() ?? 0;
    if (this.#received.length === 0) this.#raw &= ~INT_RX;
    this.#update();
    return byte;
  }

  #flags(): number {
    if (this.#received.length === 0 && ++this.#looks > 1) {
      this.#looks = 0;
      this.listen();
    }
    const depth = (this.#lcrH & LCR_H_FEN) !== 0 ? FIFO_BYTES : 1;
    let flags = FR_TXFE;
    if (this.#received.length === 0) flags |= FR_RXFE;
    if (this.#received.length >= depth) flags |= FR_RXFF;
    return flags;
  }

  #update(): void {
    this.#output((this.#raw & this.#mask) !== 0);
  }
}
