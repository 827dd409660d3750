/** Pagers besides those of files and of anonymous memory, by the memory-object protocol. */
export { DevicePager, vmObjectForDevice, type DeviceWindow } from "./device-pager.js";
export { PagerRequest, UserPager, vmObjectForHandler, type PagerHandler } from "./user-pager.js";
