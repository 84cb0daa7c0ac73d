export * from "./operation.js"
