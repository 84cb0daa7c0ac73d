export { fromHex } from "./bytes.js"
export { ownVectors } from "./own-vectors.js"
export { runPrimitivesContract } from "./primitives-contract.js"
export { runWycheproof } from "./wycheproof.js"
