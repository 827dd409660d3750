import type { NibbleSbox } from "../cpu/crypto/nibble-sbox.js";
import type { Emitter, Local } from "./emitter.js";
import { pushSplat } from "./simd-lanes.js";

/** Pop a v128, push it with every byte substituted. See cpu/crypto/nibble-sbox.ts. */
export function substituteBytes(e: Emitter, box: NibbleSbox): void {
  const { w } = e;
  const x = e.popTemp("v128");
  const highNibbles = (): void => {
    w.local_get(x);
    w.i32_const(4);
    w.i8x16_shr_u();
  };
  const lowNibbles = (): void => {
    w.local_get(x);
    pushSplat(e, 0, 0x0fn);
    w.v128_and();
  };
  const lookup = (table: Uint8Array, index: () => void): void => {
    w.v128_const(table);
    index();
    w.i8x16_swizzle();
  };
  const local = (v: Local) => (): void => w.local_get(v);

  lookup(box.inLow, lowNibbles);
  lookup(box.inHigh, highNibbles);
  w.v128_xor();
  w.local_set(x);
  highNibbles();
  const i = e.popTemp("v128");
  lowNibbles();
  const k = e.popTemp("v128");
  w.local_get(i);
  w.local_get(k);
  w.v128_xor();
  const j = e.popTemp("v128");
  lookup(box.aOver, local(k));
  const over = e.popTemp("v128");

  const numerator = (of: Local, plus: Local): void => {
    lookup(box.inverse, () => {
      lookup(box.inverse, local(of));
      w.local_get(over);
      w.v128_xor();
    });
    w.local_get(plus);
    w.v128_xor();
  };
  lookup(box.outIo, () => numerator(i, j));
  lookup(box.outJo, () => numerator(j, i));
  w.v128_xor();
  if (box.constant !== 0) {
    pushSplat(e, 0, BigInt(box.constant));
    w.v128_xor();
  }
  e.free(x, i, k, j, over);
}
