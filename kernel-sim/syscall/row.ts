import { check } from "../../emulator/arch/check.js";

/**
 * How an argument or a result is printed, and whether the tracer reads memory for it: "path" is a
 * C string, "bytes" a buffer whose length is the next argument.
 */
export type ArgKind =
  | "int"
  | "uint"
  | "hex"
  | "size"
  | "offset"
  | "pointer"
  | "fd"
  | "pid"
  | "signal"
  | "path"
  | "bytes"
  | "prot"
  | "port"
  | "octal";

const ARG_KINDS: ReadonlySet<string> = new Set<ArgKind>([
  "int",
  "uint",
  "hex",
  "size",
  "offset",
  "pointer",
  "fd",
  "pid",
  "signal",
  "path",
  "bytes",
  "prot",
  "port",
  "octal",
]);

export interface ArgSpec {
  readonly name: string;
  readonly kind: ArgKind;
}

/** Parse "fd:fd buf:bytes nbyte:size". @throws HostBug on an unknown kind */
export function parseArgs(text: string): readonly ArgSpec[] {
  if (text === "") return [];
  return text.split(" ").map((part) => {
    const [name, kind] = part.split(":");
    check(name !== undefined && kind !== undefined && ARG_KINDS.has(kind), "bad argument", part);
    return { name, kind: kind as ArgKind };
  });
}
