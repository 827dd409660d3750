/** Whether there is time for much: where `CI` is set. */
const CI = process.env["CI"] !== undefined && process.env["CI"] !== "false";

/** How often a test does what it does: `much` in continuous integration, `little` on a developer's machine. */
export function scaled(much: number, little: number): number {
  return CI ? much : little;
}
