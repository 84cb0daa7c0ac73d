export * from "./bundle.js"
export * from "./limits.js"
export * from "./padding.js"
export * from "./sealer.js"
