export { LINUX } from "./personality.js";
