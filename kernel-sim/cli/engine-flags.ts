import { setFlagsFromString } from "node:v8";

/**
 * Turn on what the emulator's engine profits from and older versions of V8 keep behind flags. The engine finds out
 * by itself what there is and works without; later versions have it on, and complain of flags they no longer know.
 * To be called before anything is translated.
 *
 * Relaxed SIMD: one instruction for a fused multiply-add (V8 11.4 has it). Branch hints: slow paths, and the
 * registers that calls in them cost, leave the straight path (V8 13). Compiling a module's functions together, on all
 * cores, instead of each when it is first called: most of what is translated runs, and V8 reads it once and not twice.
 */
export function enableEngineFeatures(): void {
  const [major = 0, minor = 0] = process.versions.v8.split(".").map(Number);
  if (major < 11 || major > 12) return;
  if (major === 11 && minor < 4) setFlagsFromString("--experimental-wasm-relaxed-simd");
  setFlagsFromString("--experimental-wasm-branch-hinting");
  setFlagsFromString("--no-wasm-lazy-compilation");
}
