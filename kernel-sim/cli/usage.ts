/** Exit status for a command line or a file that cannot be used. */
export const USAGE_STATUS = 2;

/** A complaint for the user: one line, exit status 2. */
export class UsageError extends Error {}
