// Lets `node --import ./register.mjs FILE.ts` run the TypeScript sources directly.
import { register } from "node:module";
register("ts-node/esm", import.meta.url);
