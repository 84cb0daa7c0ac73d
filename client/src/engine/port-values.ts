import type { Area, CircleId, DeviceId, GroupId, MemberId } from "@home/shared/base"
import type { Role } from "@home/shared/access"
import type { ShownCircle } from "@home/shared/device"
import type { DeviceKind } from "@home/shared/documents"
import type { ContactsView } from "./port-contacts.js"
import type { ShareView } from "./port-shares.js"
import type { PairingError } from "./port-errors.js"

/** What is watched as one value. */
export interface Values {
  readonly state: EngineState
  readonly pairing: Pairing
  readonly membership: Membership
  readonly sync: SyncStatus
  readonly storage: StorageStatus
  readonly late: readonly LateEditsView[]
  /** Told while somebody looks. */
  readonly contacts: ContactsView
  /** By title. Undefined until they were opened. */
  readonly shares: readonly ShareView[]
}
export type ValueName = keyof Values

export type EngineState =
  | { readonly type: "Starting" }
  /** No family lives in this browser. */
  | { readonly type: "Empty" }
  /** The family has removed this device, which has erased what it kept. */
  | { readonly type: "Removed" }
  | { readonly type: "Locked"; readonly ways: readonly UnlockWay[] }
  | { readonly type: "Open"; readonly self: Self }
  /** The disk or the browser does not let it start: `reason` is a word for the log, not for people. */
  | { readonly type: "Failed"; readonly reason: string }

/** `DeviceLock`: the browser keeps a key that it never shows; opening the app is enough. */
export type UnlockWay =
  | { readonly type: "Passphrase" }
  | { readonly type: "Passkey"; readonly credentials: readonly Passkey[] }
  | { readonly type: "DeviceLock" }

/** What `navigator.credentials.get` needs to ask for the passkey's secret. */
export interface Passkey {
  readonly credentialId: Uint8Array
  readonly salt: Uint8Array
}

export interface Self {
  readonly group: GroupId
  readonly member: MemberId
  readonly device: DeviceId
  readonly deviceName: string
  readonly role: Role
  /** False: the family has removed this device. It erases what it keeps. */
  readonly isLive: boolean
  /** Stopped for now: it gets nothing new, and what it wrote since waits. It changes nothing until that is lifted. */
  readonly isSuspended: boolean
  /** The stay of a guest has ended, by this device's clock. */
  readonly isStayOver: boolean
  readonly isFounder: boolean
  readonly mayInvite: boolean
  readonly mayAddDevice: boolean
  readonly phrase: PhraseState
  /** Another device of this member outranks this one: ask whether this is the main one now. */
  readonly isJunior: boolean
  readonly autoLockMinutes: number | undefined
  readonly hasDeviceLock: boolean
  readonly passkeys: number
}

/**
 * How it stands with the 24 words, as far as this device knows. `Unchecked`: nobody has had them at hand for a
 * year. `Used`: they have brought this device back, and others should take their place.
 */
export type PhraseState = "Fine" | "Unchecked" | "Used"

/** Two devices meeting; one at a time. */
export type Pairing =
  | { readonly type: "None" }
  /** This device shows `invitation` (as QR and text), and a code to read out if one was asked for, and waits. */
  | {
      readonly type: "Waiting"
      readonly invitation: string
      readonly code?: string
      readonly expiresMs: number
    }
  /** Somebody answered: compare the digits, then `answerNewcomer`. */
  | { readonly type: "Asking"; readonly name: string; readonly digits: string }
  | { readonly type: "Dialling" }
  /** This device is the newcomer: the digits are shown, the other side decides. */
  | { readonly type: "Comparing"; readonly digits: string }
  | { readonly type: "Done"; readonly member: MemberId; readonly device: DeviceId }
  | { readonly type: "Ended"; readonly error: PairingError }

export interface Membership {
  readonly familyName: string
  readonly members: readonly MemberView[]
  /** Everyone first. */
  readonly circles: readonly CircleView[]
}

/** A part of the family with documents of its own. */
export type CircleView = ShownCircle

export interface MemberView {
  readonly id: MemberId
  /** "" while the profile has not arrived. */
  readonly name: string
  readonly colour: string
  /** Among all who ever belonged, in the order in which they came. */
  readonly place: number
  readonly kind: "person" | "box"
  readonly role: Role
  readonly isLive: boolean
  readonly isFounder: boolean
  readonly isYou: boolean
  /** When a guest's stay ends. */
  readonly untilMs: number | undefined
  readonly devices: readonly DeviceView[]
  readonly may: {
    readonly remove: boolean
    /** The roles that this device may give the member now. */
    readonly giveRoles: readonly Role[]
  }
}

export interface DeviceView {
  readonly id: DeviceId
  /** "" while nobody has named it, or its name has not arrived. */
  readonly name: string
  /** `undefined`: it has not said what it is. */
  readonly kind: DeviceKind | undefined
  readonly isLive: boolean
  readonly isSuspended: boolean
  readonly isHere: boolean
  /** The circles whose documents it can read now, by the log: a paused or removed one reads nothing new. */
  readonly reads: readonly CircleId[]
  /** What this device may do to it, as the family's log would answer now. */
  readonly may: {
    readonly remove: boolean
    readonly suspend: boolean
    readonly resume: boolean
    /** Hand its rank over to it. */
    readonly makeMain: boolean
  }
}

/** `Here`: on this device only. `OnBox`: a box has all of it. `Everywhere`: so does every device of the family. */
export type SyncReach = "Here" | "OnBox" | "Everywhere"

export interface SyncStatus {
  readonly reach: SyncReach
  /** Nobody else is in the family yet: "Here" is no warning then. */
  readonly isAlone: boolean
  readonly peers: readonly PeerView[]
}

/** How one relay, box or device stands to this one, in bundles. A device is told of by its last word. */
export interface PeerView {
  readonly kind: "relay" | "box" | "device"
  /** A device id, or a relay's URL. */
  readonly id: string
  readonly member: MemberId | undefined
  readonly missingThere: number
  readonly missingHere: number | undefined
  readonly heardAtMs: number | undefined
  /** Only of relays and boxes: connected right now. */
  readonly isOnline: boolean | undefined
}

export interface StorageStatus {
  /** `undefined`: the browser does not say. */
  readonly isPersistent: boolean | undefined
  readonly usedBytes: number | undefined
  readonly quotaBytes: number | undefined
  /** The disk refused the last write: nothing is lost while the app stays open, nothing new can be kept. */
  readonly isFull: boolean
  /** Edits that are in the journal and not yet in a document on disk. */
  readonly journalled: number
}

export interface LateEditsView {
  /** Names them in `acceptLate` and `discardLate`. */
  readonly id: string
  readonly area: Area
  readonly document: string
  readonly device: DeviceId
  readonly member: MemberId | undefined
  readonly changes: number
  /** The device is suspended: they count by themselves once that is lifted. */
  readonly isHeld: boolean
}
