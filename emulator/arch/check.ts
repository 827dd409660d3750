/** A broken invariant of our own code, as opposed to a refused request or a guest's mistake. */
export class HostBug extends Error {
  override readonly name = "HostBug";
  readonly #details: readonly unknown[];

  constructor(message: string, details: readonly unknown[] = []) {
    super(message);
    this.#details = details;
  }

  /**
   * The values that were inspected when the invariant failed, for the report. No property of its
   * own: whoever prints or copies an error with all its properties would take the machine along.
   */
  get details(): readonly unknown[] {
    return this.#details;
  }
}

/** Assert an invariant of ours. @throws HostBug with `details` attached when `condition` is false. */
export function check(
  condition: boolean,
  message: string,
  ...details: readonly unknown[]
): asserts condition {
  if (!condition) throw new HostBug(message, details);
}
