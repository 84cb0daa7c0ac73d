import type { Operation } from "./operation.js"

/** Parents before children, whatever order they came in; where a parent is not among them, its children follow all the same. */
export const parentsFirst = (operations: readonly Operation[]): readonly Operation[] => {
  const byId = new Map(operations.map(operation => [operation.id, operation]))
  const ordered = new Set<Operation>()
  for (const operation of byId.values()) {
    const waiting = [operation]
    for (let last = waiting.at(-1); last !== undefined; last = waiting.at(-1)) {
      const before = last.parents.flatMap(id => byId.get(id) ?? []).filter(parent => !ordered.has(parent))
      if (before.length > 0) {
        waiting.push(...before)
        continue
      }
      ordered.add(last)
      waiting.pop()
    }
  }
  return [...ordered]
}
