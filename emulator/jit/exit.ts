/** Why translated code returned to the dispatcher (OFF_EXIT_CODE). */
/** The PC has no linked translation: look it up and go on. */
export const EXIT_LOOKUP = 0;
/** The next block is longer than what is left of the budget; the PC is at its start. */
export const EXIT_BUDGET = 1;
/** A slow path or helper recorded an exception (`Engine.pending`). */
export const EXIT_PENDING = 2;
/** An exception whose ESR is in OFF_EXIT_ARG and that leaves FAR alone. */
export const EXIT_ESR = 3;
