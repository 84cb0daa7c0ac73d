import type { CircleId, DeviceId, GroupId, MemberId, Result } from "@home/shared/base"
import type { AccessLine, Role } from "@home/shared/access"
import type { BlobRef, DeviceKind } from "@home/shared/documents"
import type { ContactCalls } from "./port-contacts.js"
import type { ShareCalls } from "./port-shares.js"
import type { CircleDocument, DocumentRef } from "./port-documents.js"
import type {
  ActRefused,
  EditError,
  InvalidName,
  NotOpen,
  PairingError,
  PhraseError,
  RecoverError,
  SetupError,
  StorageFull,
  UnlockError,
} from "./port-errors.js"
import type { KeepFileError } from "./port-files.js"

type Call<I, T, E> = (input: I) => Promise<Result<T, E>>

export interface Phrase {
  readonly words: readonly string[]
  /** Three positions, from 1, that `checkPhrase` wants to hear. */
  readonly asked: readonly number[]
}

/** One file of an export: what stands in it, or where to find it (`openFile`), for a family's pictures are many. */
export type ExportedFile = { readonly name: string; readonly mediaType: string } & (
  { readonly bytes: Uint8Array } | { readonly ref: BlobRef }
)

export interface AccessLineView extends AccessLine {
  /** What its author signed was checked again, and is what stands here. */
  readonly isGenuine: boolean
  /** When this device first heard of it; `undefined`: it was so before this device came. */
  readonly heardAtMs: number | undefined
}

export type Unlock =
  | { readonly type: "Passphrase"; readonly passphrase: string }
  /** `secret`: 32 bytes of the passkey's PRF for the credential's salt. */
  | { readonly type: "Passkey"; readonly secret: Uint8Array }
  | { readonly type: "DeviceLock" }

export interface Calls extends ContactCalls, ShareCalls {
  // Setting up. Nothing is on disk before `found`, `join` or `recover` has resolved.
  /** A new phrase, held in the worker's memory until `found` or `replacePhrase`. Show it once. */
  readonly newPhrase: Call<Record<never, never>, Phrase, NotOpen>
  /** `answers` in the order of `asked`. */
  readonly checkPhrase: Call<
    { readonly answers: readonly string[] },
    void,
    { readonly type: "WrongWords"; readonly positions: readonly number[] } | { readonly type: "NoPhrase" }
  >
  readonly found: Call<
    {
      readonly family: string
      readonly member: string
      readonly deviceName: string
      readonly deviceKind?: DeviceKind | undefined
      readonly passphrase: string
      readonly relay?: string | undefined
    },
    void,
    SetupError | { readonly type: "PhraseNotChecked" }
  >
  /**
   * Takes up an invitation; watch `pairing` for the digits. `invitation` may be a code that was read out: it is looked
   * for at `relay`.
   */
  readonly join: Call<
    {
      readonly invitation: string
      readonly relay?: string | undefined
      readonly member: string
      readonly deviceName: string
      readonly deviceKind?: DeviceKind | undefined
      readonly passphrase: string
    },
    void,
    SetupError | PairingError
  >
  readonly recover: Call<
    {
      readonly phrase: string
      readonly relay: string
      readonly deviceName: string
      readonly deviceKind?: DeviceKind | undefined
      readonly passphrase: string
    },
    void,
    RecoverError
  >

  // Opening and closing
  readonly unlock: Call<Unlock, void, UnlockError>
  /** Forgets the keys, in every tab. */
  readonly lock: Call<Record<never, never>, void, never>
  readonly changePassphrase: Call<
    { readonly current: string; readonly next: string },
    void,
    UnlockError | NotOpen | { readonly type: "NoPassphrase" }
  >
  /** `undefined`: never by itself. */
  readonly setAutoLock: Call<{ readonly minutes: number | undefined }, void, NotOpen>
  readonly setDeviceLock: Call<{ readonly isOn: boolean }, void, NotOpen>
  readonly addPasskey: Call<
    { readonly credentialId: Uint8Array; readonly salt: Uint8Array; readonly secret: Uint8Array },
    void,
    NotOpen
  >
  readonly removePasskeys: Call<Record<never, never>, void, NotOpen>

  // The recovery phrase
  /** Whether these are the words that count now. */
  readonly tryPhrase: Call<{ readonly phrase: string }, void, PhraseError>
  /**
   * The phrase of `newPhrase`, once it was checked, takes the place of `current`. `undefined`: the words are lost; then
   * only the founder may, and whoever finds them can still act with them.
   */
  readonly replacePhrase: Call<
    { readonly current: string | undefined },
    void,
    PhraseError | ActRefused | { readonly type: "PhraseNotChecked" }
  >

  // The family. An invitation is good for five minutes and one use.
  readonly createInvitation: Call<
    {
      /** `untilMs`: of a guest, when the stay ends. */
      readonly admitAs:
        | { readonly type: "OwnDevice" }
        | { readonly type: "Member"; readonly role: Role; readonly untilMs?: number | undefined }
    },
    { readonly invitation: string; readonly expiresMs: number },
    PairingError | NotOpen
  >
  /** Also a code to read out, for the invitation that is shown. One wrong word burns both. */
  readonly showCode: Call<Record<never, never>, void, PairingError | NotOpen>
  readonly answerNewcomer: Call<{ readonly accept: boolean }, void, { readonly type: "NobodyAsks" }>
  readonly cancelPairing: Call<Record<never, never>, void, never>
  readonly claimBox: Call<{ readonly code: string }, void, PairingError | NotOpen>
  readonly setRole: Call<{ readonly member: MemberId; readonly role: Role }, void, ActRefused | NotOpen>
  readonly removeMember: Call<{ readonly member: MemberId }, void, ActRefused | NotOpen>
  readonly removeDevice: Call<{ readonly device: DeviceId }, void, ActRefused | NotOpen>
  readonly suspendDevice: Call<{ readonly device: DeviceId }, void, ActRefused | NotOpen>
  /** What the device wrote meanwhile counts from then on. */
  readonly resumeDevice: Call<{ readonly device: DeviceId }, void, ActRefused | NotOpen>
  /** Whether members with the role user write the document, and whether this device may change that. */
  readonly documentPolicy: Call<
    { readonly document: CircleDocument },
    { readonly usersWrite: boolean; readonly maySet: boolean },
    NotOpen
  >
  readonly setDocumentPolicy: Call<
    { readonly document: CircleDocument; readonly usersWrite: boolean },
    void,
    ActRefused | NotOpen
  >
  /**
   * Who was let in, removed, suspended or given a role, and by whom: what came first stands first. `share`: of what is shared
   * with another family; of one that is not here it is empty.
   */
  readonly accessLog: Call<{ readonly share?: GroupId | undefined }, readonly AccessLineView[], NotOpen>
  /** The other device of this member hands its rank to `to`: only it can say this. */
  readonly yieldTo: Call<{ readonly to: DeviceId }, void, ActRefused | NotOpen>
  /** A circle of one's own member, of others, and of the boxes or not. */
  readonly makeCircle: Call<
    { readonly name: string; readonly members: readonly MemberId[]; readonly isBoxIn: boolean },
    CircleId,
    ActRefused | NotOpen | InvalidName
  >
  readonly nameCircle: Call<
    { readonly circle: CircleId; readonly name: string },
    void,
    ActRefused | NotOpen | InvalidName
  >
  /** Put in, a member reads all that was ever written there; taken out, nothing that comes later. */
  readonly setInCircle: Call<
    { readonly circle: CircleId; readonly member: MemberId; readonly isIn: boolean },
    void,
    ActRefused | NotOpen
  >
  /** Left out, the boxes keep what they cannot read. */
  readonly setBoxInCircle: Call<
    { readonly circle: CircleId; readonly isIn: boolean },
    void,
    ActRefused | NotOpen
  >
  readonly acceptLate: Call<{ readonly id: string }, void, EditError>
  readonly discardLate: Call<{ readonly id: string }, void, NotOpen>

  // Pictures and files
  /** Seals and stores a file for the document that an edit will then show it in. Until that edit nobody knows it. */
  readonly keepFile: Call<
    { readonly document: DocumentRef; readonly content: Blob; readonly type: string; readonly name: string },
    BlobRef,
    NotOpen | StorageFull | KeepFileError
  >
  /** The content without a type: whoever attached it may have said anything. */
  readonly openFile: Call<{ readonly ref: BlobRef }, Blob, NotOpen | { readonly type: "FileNotHere" }>

  // Where it is kept
  readonly setRelays: Call<
    { readonly relays: readonly string[] },
    void,
    NotOpen | { readonly type: "InvalidRelay" }
  >
  readonly relays: Call<Record<never, never>, readonly string[], NotOpen>
  /** Tries every relay and box now. `true`: at least one is up to date with this device. */
  readonly syncNow: Call<Record<never, never>, boolean, NotOpen>
  readonly exportAll: Call<Record<never, never>, readonly ExportedFile[], NotOpen>
  /** Removes the family from this browser: documents, keys, journal. The family's other devices keep theirs. */
  readonly eraseEverything: Call<Record<never, never>, void, never>
}

export type CallName = keyof Calls
