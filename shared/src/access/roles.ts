import type { Role } from "./operation.js"

const heights = { guest: 0, user: 1, editor: 2, admin: 3 } as const satisfies Record<Role, number>

export const roleAtLeast = (role: Role, needed: Role): boolean => heights[role] >= heights[needed]

/** Negative when `a` may less than `b`. */
export const compareRoles = (a: Role, b: Role): number => heights[a] - heights[b]
