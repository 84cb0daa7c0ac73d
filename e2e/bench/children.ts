import type { ChildProgram } from "./child.js"

/**
 * What `startChild` can start, by name. Each loads what it needs and no more: a process that measures should not begin with
 * a browser's driver and the libraries of all peers.
 */
export const children: ReadonlyMap<string, () => Promise<ChildProgram>> = new Map([
  ["relay", async () => (await import("./relay-server.js")).relayServer],
  ["bare-ws", async () => (await import("./relay-server.js")).bareServer],
  ["keeping-ws", async () => (await import("./relay-server.js")).keepingServer],
  ["idle-crowd", async () => (await import("./idle-connections.js")).idleCrowd],
  ["replica", async () => (await import("./replicas/replica-program.js")).replicaProgram],
  ["server", async () => (await import("./replicas/server-program.js")).serverProgram],
  ["family-author", async () => (await import("./family/author.js")).familyAuthor],
  ["home-newcomers", async () => (await import("./family/newcomer.js")).homeNewcomers],
  ["returner", async () => (await import("./family/returner.js")).returner],
  ["automerge-author", async () => (await import("./family/automerge-family.js")).automergeAuthor],
  ["automerge-newcomer", async () => (await import("./family/automerge-family.js")).automergeNewcomer],
  ["ledger-floor", async () => (await import("./family/ledger-floor.js")).ledgerFloor],
])
