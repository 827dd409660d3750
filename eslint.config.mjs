import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: [".cache/", "dist/", "node_modules/", "guests/bin/", "coverage/"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      // `!` is for typed arrays, whose reads cannot be undefined inside their bounds.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-extraneous-class": "off",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Use named exports." },
        { selector: "TSEnumDeclaration", message: "Use const objects, not enums." },
      ],
      eqeqeq: ["error", "always"],
      "require-yield": "off",
    },
  },
  {
    files: [".ci/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly" } },
  },
  {
    files: ["**/*.config.*"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    // The machine is deterministic: no wall clock and no unseeded randomness inside it.
    files: ["emulator/**/*.ts", "vm/**/*.ts", "kernel-sim/**/*.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "Use the machine's seeded generator." },
        { object: "Date", property: "now", message: "Use the machine's virtual clock." },
        { object: "performance", property: "now", message: "Use the machine's virtual clock." },
      ],
    },
  },
);
