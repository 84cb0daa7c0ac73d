import type { ActorId, CircleId, DocumentId, DocumentName, GroupId } from "../base/index.js"
import { documentIdOf } from "../access/index.js"
import type { Certificate, Sealer } from "../wire/index.js"
import { actorOf } from "./documents.js"

/** Ids that follow from what a bundle says, each a hash: a feed's bundles ask for the same ones again and again. */
export interface ContentIds {
  documentOf(circle: CircleId, name: DocumentName): DocumentId
  actorOf(certificate: Certificate, document: DocumentId, slot: number): ActorId
}

/** Of each kind; more come from no honest batch. */
const remembered = 1_024

const remembering = <T>(): ((name: string, make: () => T) => T) => {
  const known = new Map<string, T>()
  return (name, make) => {
    const before = known.get(name)
    if (before !== undefined) return before
    if (known.size >= remembered) known.clear()
    const made = make()
    known.set(name, made)
    return made
  }
}

export const createContentIds = (sealer: Sealer, group: GroupId): ContentIds => {
  const documents = remembering<DocumentId>()
  const actors = remembering<ActorId>()
  return {
    documentOf: (circle, name) =>
      documents(`${circle} ${name.area} ${name.name}`, () => documentIdOf(group, circle, name, sealer.hash)),
    actorOf: ({ device, incarnation }, document, slot) =>
      actors(`${device} ${incarnation} ${document} ${slot}`, () =>
        actorOf(sealer, { device, document, incarnation, slot }),
      ),
  }
}
