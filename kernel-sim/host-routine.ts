/**
 * Names the routine of the pmap, or of the kernel, that is at work: what a report of the MMU
 * sanitizer says wrote a descriptor. The stack is looked at only when the name is wanted.
 * @returns "pmapRemoveOptions"; "the kernel" where no stack tells, as in the minified command
 */
export function hostRoutine(): () => string {
  const error = traced();
  return () => nameIn(error.stack ?? "");
}

/** Deep enough for the longest way from a pmap routine to its descriptor. */
const FRAMES = 40;

function traced(): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const error = new Error();
  Error.stackTraceLimit = limit;
  return error;
}

const PMAP_ROUTINE = /^(pmap[A-Z]\w*|armFastFault)$/;
/** Machinery between a routine and the observer. */
const MACHINERY =
  /^(Reporter|Writes|Uses|MmuSanitizer|Adversary|Mmu|Machine|MachineMemory|MachineTlb)\b/;

function nameIn(stack: string): string {
  const names = [...stack.matchAll(/^\s*at (?:new |async )?([\w.#$<>]+) \(/gm)].map((m) => m[1]!);
  const routine = names.findLast((name) => PMAP_ROUTINE.test(name));
  if (routine !== undefined) return routine;
  const own = /^(traced|hostRoutine)$/;
  const kernel = names.find((n) => n.length > 2 && !own.test(n) && !MACHINERY.test(n));
  return kernel ?? "the kernel";
}
