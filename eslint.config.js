import { defineConfig, globalIgnores } from "eslint/config"
import solid from "eslint-plugin-solid/configs/typescript"
import tseslint from "typescript-eslint"

const tests = [
  "**/*.test.{ts,tsx}",
  "**/testing/**",
  "**/testing.ts",
  "**/*-{contract,child,world}.ts",
  "e2e/**",
]
const pure = ["shared/src/**/*.ts", "crypto/src/**/*.ts"]

/** The platform comes in through ports: `Clock`, `Random`, `Log`. */
const platform = ["crypto", "setTimeout", "setInterval", "setImmediate", "performance", "fetch", "console"]

const sleeping = {
  selector:
    "NewExpression[callee.name='Promise'] CallExpression[callee.name='setTimeout'][arguments.0.name=/^(resolve|done|r)$/]",
  message: "A test waits for a condition, it does not sleep.",
}

/** `new Date(ms)` and `Date.UTC` are plain arithmetic; what reads the clock or the zone of the machine is not. */
const clocks = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length!=1]",
    message: "Time comes in through the port Clock.",
  },
  { selector: "CallExpression[callee.name='Date']", message: "Time comes in through the port Clock." },
]

export default defineConfig([
  globalIgnores([
    "vitest.config.ts",
    "client/vitest.config.ts",
    "**/node_modules/",
    "**/dist/",
    "**/coverage/",
    "**/test-results/",
  ]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": [
        "error",
        { checksVoidReturn: { arguments: false, properties: false } },
      ],
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-empty-object-type": "error",
      "no-unused-expressions": "off",
      "@typescript-eslint/no-unused-expressions": "error",
    },
  },
  {
    files: ["**/*.ts", "**/*.tsx", "**/*.mjs", "**/*.js"],
    rules: {
      eqeqeq: "error",
      "max-lines": ["error", 400],
      "no-constant-condition": "error",
      "no-empty": "error",
      "no-self-compare": "error",
      "no-template-curly-in-string": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-unreachable": "error",
      "no-dupe-keys": "error",
    },
  },
  { files: ["client/src/**/*.{ts,tsx}"], ...solid },
  {
    files: pure,
    ignores: tests,
    rules: {
      "no-restricted-globals": ["error", ...platform],
      "no-restricted-syntax": ["error", ...clocks],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "Time comes in through the port Clock." },
        { object: "Math", property: "random", message: "Randomness comes in through the port Random." },
        { object: "globalThis", message: "The platform comes in through ports." },
      ],
    },
  },
  { files: ["**/*.mjs", "**/*.js"], rules: { "no-unused-vars": "error" } },
  {
    files: tests,
    rules: {
      // A file of cases may be longer than a file of one idea.
      "max-lines": ["error", 500],
      "@typescript-eslint/no-non-null-assertion": "off",
      "no-restricted-syntax": ["error", sleeping],
    },
  },
])
