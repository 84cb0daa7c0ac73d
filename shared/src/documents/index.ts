export * from "./drafts.js"
