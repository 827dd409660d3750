/** The package's own types are not reachable through its `exports`; this is what is used of it. */
declare module "capstone-wasm" {
  export function loadCapstone(): Promise<void>;
  export const Const: { readonly CS_ARCH_ARM64: number; readonly CS_MODE_LITTLE_ENDIAN: number };
  export class Capstone {
    constructor(arch: number, mode: number);
    disasm(
      data: Uint8Array,
      options: { readonly address: bigint; readonly count: number },
    ): readonly { readonly mnemonic: string; readonly opStr: string }[];
  }
}
