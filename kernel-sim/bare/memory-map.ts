/** Where things are on QEMU's "virt" board, as far as this one has them (QEMU documentation, "virt generic virtual platform"). */

export const RAM_BASE = 0x4000_0000;
export const GICD_BASE = 0x0800_0000;
export const GICC_BASE = 0x0801_0000;
export const GICR_BASE = 0x080a_0000;
export const UART_BASE = 0x0900_0000;
export const RTC_BASE = 0x0901_0000;

/** INTIDs of the distributor: 32 private ones and 256 shared. */
export const INTERRUPT_COUNT = 288;
/** Shared peripheral interrupts, from 0. */
export const SPI_UART = 1;
export const SPI_RTC = 2;
/** Private peripheral interrupts, from 0: INTIDs 27 and 30. */
export const PPI_VIRTUAL_TIMER = 11;
export const PPI_PHYSICAL_TIMER = 14;

/** Frequency of the system counter. */
export const COUNTER_HZ = 62_500_000;
/** Flat images without an arm64 Image header go so far behind the start of RAM. */
export const FLAT_OFFSET = 0x8_0000;
