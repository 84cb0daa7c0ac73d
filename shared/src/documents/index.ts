export * from "./areas.js"
export * from "./drafts.js"
export { familyListName, familyRoomId, monthNames } from "./fixed-steps.js"
