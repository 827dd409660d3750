import { flattenTree, type TreeNode } from "./flat-tree.js";
import * as map from "./memory-map.js";

/** What the device tree of a board depends on. */
export interface TreeOptions {
  readonly ramBytes: number;
  readonly gic: 2 | 3;
  readonly conduit: "hvc" | "smc";
  readonly bootargs: string;
}

const PHANDLE = { gic: 1, clock: 2 } as const;
const [PPI, SPI] = [1, 0] as const;
const LEVEL_HIGH = 4;
/** With a GICv2, bits 15:8 of a PPI's flags are the CPUs it is for. */
const FOR_CPU_0 = 0x100;
const UART_CLOCK_HZ = 24_000_000;

const hex = (n: number): string => n.toString(16);
const range = (base: number, bytes: number): bigint[] => [BigInt(base), BigInt(bytes)];

function gicNode(gic: 2 | 3): TreeNode {
  const second = gic === 2 ? range(map.GICC_BASE, 0x1_0000) : range(map.GICR_BASE, 0x2_0000);
  return {
    name: `intc@${hex(map.GICD_BASE)}`,
    properties: {
      compatible: gic === 2 ? "arm,cortex-a15-gic" : "arm,gic-v3",
      "#interrupt-cells": [3],
      "#address-cells": [0],
      "interrupt-controller": null,
      reg: [...range(map.GICD_BASE, 0x1_0000), ...second],
      phandle: [PHANDLE.gic],
    },
  };
}

function primeCell(
  name: string,
  type: string,
  base: number,
  spi: number,
  clocks: string[],
): TreeNode {
  return {
    name: `${name}@${hex(base)}`,
    properties: {
      compatible: [type, "arm,primecell"],
      reg: range(base, 0x1000),
      interrupts: [SPI, spi, LEVEL_HIGH],
      clocks: clocks.map(() => PHANDLE.clock),
      "clock-names": clocks,
    },
  };
}

/** The flattened device tree that describes the board, with the properties QEMU's has for the same devices. */
export function deviceTree(options: TreeOptions): Uint8Array {
  const timerFlags = LEVEL_HIGH | (options.gic === 2 ? FOR_CPU_0 : 0);
  return flattenTree({
    name: "",
    properties: {
      compatible: "linux,dummy-virt",
      model: "linux,dummy-virt",
      "#address-cells": [2],
      "#size-cells": [2],
      "interrupt-parent": [PHANDLE.gic],
    },
    children: [
      {
        name: "chosen",
        properties: {
          ...(options.bootargs === "" ? {} : { bootargs: options.bootargs }),
          "stdout-path": `/pl011@${hex(map.UART_BASE)}`,
        },
      },
      {
        name: `memory@${hex(map.RAM_BASE)}`,
        properties: { device_type: "memory", reg: range(map.RAM_BASE, options.ramBytes) },
      },
      {
        name: "cpus",
        properties: { "#address-cells": [1], "#size-cells": [0] },
        children: [
          {
            name: "cpu@0",
            properties: {
              device_type: "cpu",
              compatible: "arm,arm-v8",
              reg: [0],
              "enable-method": "psci",
            },
          },
        ],
      },
      {
        name: "psci",
        properties: {
          compatible: ["arm,psci-1.0", "arm,psci-0.2"],
          method: options.conduit,
        },
      },
      {
        name: "timer",
        properties: {
          compatible: "arm,armv8-timer",
          "always-on": null,
          // Secure and non-secure physical, virtual, hypervisor; only the second and the third exist here.
          interrupts: [13, map.PPI_PHYSICAL_TIMER, map.PPI_VIRTUAL_TIMER, 10].flatMap((ppi) => [
            PPI,
            ppi,
            timerFlags,
          ]),
        },
      },
      {
        name: "apb-pclk",
        properties: {
          compatible: "fixed-clock",
          "#clock-cells": [0],
          "clock-frequency": [UART_CLOCK_HZ],
          "clock-output-names": "clk24mhz",
          phandle: [PHANDLE.clock],
        },
      },
      gicNode(options.gic),
      primeCell("pl011", "arm,pl011", map.UART_BASE, map.SPI_UART, ["uartclk", "apb_pclk"]),
      primeCell("pl031", "arm,pl031", map.RTC_BASE, map.SPI_RTC, ["apb_pclk"]),
    ],
  });
}
