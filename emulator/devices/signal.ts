/** A wire: whoever drives it says its level, as often as it likes. */
export type Signal = (isHigh: boolean) => void;
