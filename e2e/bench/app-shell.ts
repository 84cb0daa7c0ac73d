import type { Benchmark } from "./benchmark.js"

export const appShell: Benchmark = {
  id: "P12",
  what: "app: shell, first paint, warm against cold, interactions",
  sides: ["nothing is measured until the app stands"],
  run: async () => ({ type: "Skipped", reason: "the app does not stand yet" }),
}
