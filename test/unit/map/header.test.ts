import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as vm from "../../../vm/index.js";

/** The rows of the table in vm/README.md: names in the header, name here, file. */
const ROWS = [
  ...readFileSync("vm/README.md", "utf8").matchAll(/^\| (`.*) \| `(\w+)` \| `(map\/.*)` \|$/gm),
];

/** What vm_map.h declares for others than the VM itself. */
const HEADER = [
  "vm_map_create",
  "vm_map_create_options",
  "vm_map_deallocate",
  "vm_map_page_shift",
  "vm_map_page_mask",
  "vm_map_page_size",
  "vm_map_round_page",
  "vm_map_round_page_mask",
  "vm_map_trunc_page",
  "vm_map_trunc_page_mask",
  "vm_map_disable_hole_optimization",
  "convert_port_entry_to_map",
  "vm_map_inspect_deallocate",
  "vm_map_read_deallocate",
  "vm_map_wire",
  "vm_map_unwire",
  "vm_map_wire_and_extract",
  "vm_map_copyin",
  "vm_map_copyout",
  "vm_map_copy_discard",
];

describe("the functions of vm_map.h", () => {
  it("are all in the table of vm/README.md, and nothing else is", () => {
    const listed = ROWS.flatMap(([, names]) => [...names!.matchAll(/`(\w+)`/g)].map((m) => m[1]));
    expect(listed.sort()).toEqual([...HEADER].sort());
  });

  it.each(ROWS.map(([, , name, file]) => [name!, file!]))(
    "%s is exported, from %s",
    (name, file) => {
      expect((vm as Record<string, unknown>)[name]).toBeTypeOf("function");
      expect(readFileSync(`vm/${file}`, "utf8")).toMatch(
        new RegExp(`export (function\\*?|const) ${name}\\b`),
      );
    },
  );
});
