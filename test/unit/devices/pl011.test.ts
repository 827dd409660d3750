import { describe, expect, it } from "vitest";
import { Pl011 } from "../../../emulator/index.js";

const [DR, FR, IMSC, RIS, MIS, ICR, LCR_H] = [0, 0x18, 0x38, 0x3c, 0x40, 0x44, 0x2c];
const [RXFE, RXFF] = [1 << 4, 1 << 6];

function world(text: string): { uart: Pl011; sent: string[]; asked: number[]; irq: () => boolean } {
  const input = [...new TextEncoder().encode(text)];
  const sent: string[] = [];
  const asked: number[] = [];
  let level = false;
  const receive = (max: number): Uint8Array => {
    asked.push(max);
    return Uint8Array.from(input.splice(0, max));
  };
  const uart = new Pl011(
    0x0900_0000,
    (byte) => sent.push(String.fromCharCode(byte)),
    { receive },
    (isHigh) => (level = isHigh),
  );
  return { uart, sent, asked, irq: () => level };
}

describe("PL011", () => {
  it("sends, and says so by an interrupt", () => {
    const { uart, sent, irq } = world("");
    uart.write(DR, 4, 0x141);
    expect(sent).toEqual(["A"]);
    expect([uart.read(RIS, 4), uart.read(MIS, 4), irq()]).toEqual([0x20, 0, false]);
    uart.write(IMSC, 4, 0x20);
    expect([uart.read(MIS, 4), irq()]).toEqual([0x20, true]);
    uart.write(ICR, 4, 0x20);
    expect([uart.read(RIS, 4), irq()]).toEqual([0, false]);
  });

  it("asks for input only when the guest looks a second time", () => {
    const { uart, asked, irq } = world("xy");
    expect(uart.read(FR, 4)! & RXFE).toBe(RXFE);
    uart.write(DR, 4, 65); // it was looking for room to send
    expect(uart.read(FR, 4)! & RXFE).toBe(RXFE);
    expect(asked).toEqual([]);
    uart.write(IMSC, 4, 0x10);
    expect(uart.read(FR, 4)! & (RXFE | RXFF)).toBe(RXFF); // a single character without FIFO
    expect([asked, irq()]).toEqual([[1], true]);
    expect([uart.read(DR, 4), irq()]).toEqual([0x78, false]);
    uart.write(LCR_H, 4, 0x10);
    uart.read(FR, 4);
    uart.read(FR, 4);
    expect([asked, uart.read(DR, 4)]).toEqual([[1, 16], 0x79]);
    expect(uart.listen()).toBe(false);
  });

  it("identifies itself", () => {
    const { uart } = world("");
    const id = [0xfe0, 0xfe4, 0xfe8, 0xfec, 0xff0, 0xff4, 0xff8, 0xffc].map((at) =>
      uart.read(at, 4),
    );
    expect(id).toEqual([0x11, 0x10, 0x14, 0, 0x0d, 0xf0, 0x05, 0xb1]);
  });
});
