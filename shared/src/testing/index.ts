export * from "./plain-sealer.js"
