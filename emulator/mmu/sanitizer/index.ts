/** The MMU sanitizer: reports software that relies on luck with its translation tables. */
export { watchMmu, type MmuMode } from "./mode.js";
export { MmuSanitizer } from "./sanitizer.js";
export type { SanitizerOptions } from "./reporter.js";
export {
  formatReport,
  MMU_RULES,
  symbolizer,
  type MmuReport,
  type MmuRule,
  type Place,
  type ReportedAccess,
  type ReportedDescriptor,
  type Symbolize,
} from "./report.js";
