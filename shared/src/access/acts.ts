import type { CircleId, DeviceId, EpochId, MemberId } from "../base/index.js"
import {
  type Author,
  type DeviceKeys,
  type OperationBody,
  type Role,
  type Taking,
  type YieldTarget,
  nothingTaken,
} from "./operation.js"
import { type Change, rekeyPlans } from "./rekey-plan.js"
import type { GroupState } from "./state.js"

/** What a person may want to do to the membership, before keys are made for it. */
export type Act =
  | { readonly type: "addMember"; readonly role: Role; readonly circles: readonly CircleId[] }
  | { readonly type: "addDevice"; readonly member: MemberId }
  | Extract<Change, { readonly type: "removeMember" | "removeDevice" | "suspend" | "setRole" | "docPolicy" }>
  | { readonly type: "resume"; readonly device: DeviceId }
  | { readonly type: "yield"; readonly to: YieldTarget }
  | Extract<OperationBody, { readonly type: "move" }>

const none = new Uint8Array(0)
const noKeys: DeviceKeys = { signing: none, wrap: none, link: none }

/** The taking that a change must carry, without its keys and cuts. */
const sketchTaking = (state: GroupState, author: Author, change: Change): Taking => {
  const plans = rekeyPlans(state, author, change)
  if (plans.length === 0) return nothingTaken
  return {
    circles: plans.map(({ circle }) => circle),
    cuts: [],
    rekeys: plans.map(({ circle, replaces, to }) => {
      // Only has to be told from the epochs that are.
      const epoch = `of ${circle}` as EpochId
      const wraps = to.map(holder => ({ circle, epoch, to: holder, sealed: none }))
      return { circle, epoch, tag: "", replaces, wraps, earlier: none }
    }),
  }
}

/** An operation of the right shape and with no keys: to be judged, never to be sent. */
export const sketchOf = (state: GroupState, author: Author, act: Act): OperationBody => {
  switch (act.type) {
    case "addMember": {
      const device = { keys: noKeys, proof: none }
      return { ...act, member: "" as MemberId, kind: "person", expiresMs: undefined, device, wraps: [] }
    }
    case "addDevice":
      return { ...act, device: { keys: noKeys, proof: none }, wraps: [] }
    case "resume":
    case "yield":
    case "move":
      return act
    case "suspend":
      return { type: "suspend", device: act.device, taking: sketchTaking(state, author, act) }
    case "removeDevice":
      return { type: "removeDevice", device: act.device, taking: sketchTaking(state, author, act) }
    case "removeMember":
    case "setRole":
    case "docPolicy":
      return { ...act, taking: sketchTaking(state, author, act) }
  }
}
