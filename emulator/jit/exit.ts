/** Why translated code returned to the dispatcher (OFF_EXIT_CODE). */
/** The PC has no linked translation: look it up and go on. */
export const EXIT_LOOKUP = 0;
/** What may come before the next check exceeds the budget; the PC is at the start of a block. */
export const EXIT_BUDGET = 1;
/** A slow path or helper recorded an exception (`Engine.pending`). */
export const EXIT_PENDING = 2;
/** An exception whose ESR is in OFF_EXIT_ARG and that leaves FAR alone. */
export const EXIT_ESR = 3;

/** A region returns the table slot to go on at, or one of these. */
/** It came back to the host: OFF_EXIT_CODE says why. */
export const NEXT_EXIT = -1;
/** The guest returned to the address in OFF_PC, wherever that is. */
export const NEXT_RETURN = -2;

/** Slot of the stub that asks the dispatcher to look the PC up. */
export const LOOKUP_SLOT = 0;
