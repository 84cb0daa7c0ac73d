import {
  ByteReader,
  ByteWriter,
  type Key,
  type Result,
  type RoomId,
  type Store,
  bytesToHex,
  bytesToText,
  err,
  ok,
  textToBytes,
} from "../base/index.js"
import { type Sealer, createRelaySession } from "../wire/index.js"
import type { NetDeps } from "./local-device.js"
import { invitationMs } from "./meeting.js"

/** What one side of an exchange says next, and what it has come to; crypto/ has the exchange (K90-K94). */
export interface CodeStep<Outcome> {
  readonly send?: Uint8Array
  readonly outcome?: Outcome
}
export type HostOutcome = "Given" | "Burnt"
export type NewcomerOutcome =
  { readonly type: "Opened"; readonly payload: Uint8Array } | { readonly type: "Refused" }

export interface SpokenCodes {
  /** A new code for the payload. `nameplate` says where to meet and is no secret. */
  host(payload: Uint8Array): {
    readonly text: string
    readonly nameplate: string
    take(message: Uint8Array): CodeStep<HostOutcome> | undefined
  }
  /** `undefined`: the text is no code. */
  enter(text: string):
    | {
        readonly nameplate: string
        readonly begin: Uint8Array
        take(message: Uint8Array): CodeStep<NewcomerOutcome> | undefined
      }
    | undefined
}

export type CodeNetDeps = NetDeps & { readonly sealer: Sealer; readonly codes: SpokenCodes }

/** A host shows at most so many codes an hour: each is one guess at 33 bits for whoever listens. */
const codesPerHour = 5
const hourMs = 60 * 60 * 1000
/** A cast that is lost is never sent again by the relay: what was said last is said again, milliseconds. */
const repeatMs = 1_500
/** How long a newcomer looks for whoever shows the code, milliseconds. */
const enterMs = 30_000

/**
 * The room of a nameplate: anybody who knows the four digits finds it. Only casts go through it, so nothing of an
 * exchange stays at the relay.
 */
const openNameplate = (
  deps: Pick<CodeNetDeps, "dialer" | "clock" | "random" | "sealer">,
  url: string,
  nameplate: string,
  on: { readonly message: (bytes: Uint8Array) => void; readonly open?: () => void },
): { readonly say: (bytes: Uint8Array) => void; readonly close: () => void } => {
  const { sealer } = deps
  const keys = sealer.roomOf(sealer.hash("nameplate", textToBytes(nameplate)), url)
  const room = bytesToHex(keys.id) as RoomId
  const session = createRelaySession(
    {
      dialer: deps.dialer,
      clock: deps.clock,
      random: deps.random,
      sign: (id, domain, message) =>
        id === room ? sealer.sign(domain, keys.signingSeed, message) : Promise.resolve(undefined),
    },
    { url, origin: url },
    {
      onState: () => {},
      onJoined: () => on.open?.(),
      onGap: () => {},
      onBlob: () => {},
      onCaughtUp: () => {},
      onCast: (_, blob) => {
        const message = sealer.openOuter(keys, blob)
        if (message !== undefined) on.message(message)
      },
      onAck: () => {},
      onRefused: () => {},
    },
  )
  session.join(room, { store: undefined, after: 0 })
  return {
    say: bytes => void session.cast(room, sealer.sealOuter(keys, bytes)),
    close: () => session.close(),
  }
}

const shownKey: Key = ["spoken codes"]

/** `list of u64`: when the codes of the last hour were shown. */
const shownLately = async (store: Store, nowMs: number): Promise<readonly number[]> => {
  const bytes = await store.get(shownKey)
  if (bytes === undefined) return []
  const reader = new ByteReader(bytes)
  const times = reader.list(codesPerHour, list => list.u64())
  // A clock that was set back must not lock codes out for longer than an hour of use.
  return reader.end() ? times.filter(timeMs => timeMs > nowMs - hourMs && timeMs <= nowMs) : []
}

/** Of each store the last count: one that begins before another has ended would not see it. */
const counting = new WeakMap<Store, Promise<unknown>>()

/** Counts one more code; `undefined`: it may be shown. */
const countCode = async (store: Store, nowMs: number): Promise<ShowError | undefined> => {
  const shown = await shownLately(store, nowMs)
  const [oldest] = shown
  if (shown.length >= codesPerHour && oldest !== undefined)
    return { type: "TooMany", againMs: oldest + hourMs }
  const value = new ByteWriter().list([...shown, nowMs], (list, timeMs) => list.u64(timeMs)).done()
  await store.write([{ type: "Put", key: shownKey, value }])
  return undefined
}

export interface ShownCode {
  /** What to read out: `0421 river apple stone`. */
  readonly text: string
  readonly ended: Promise<HostOutcome | "Expired" | "Cancelled">
  cancel(): void
}

export type ShowError =
  /** Five codes were shown within the hour. */
  { readonly type: "TooMany"; readonly againMs: number }

/**
 * Shows a code for an invitation to somebody who can neither scan nor paste it. Whoever says the three words at
 * the relay gets the invitation, once; after that, after one wrong guess, and after five minutes, nobody does.
 */
export const showCode = async (
  deps: CodeNetDeps,
  store: Store,
  relay: string,
  invitation: string,
): Promise<Result<ShownCode, ShowError>> => {
  const nowMs = deps.clock.now()
  const count = (): Promise<ShowError | undefined> => countCode(store, nowMs)
  const counted = (counting.get(store) ?? Promise.resolve()).then(count, count)
  counting.set(store, counted)
  const tooMany = await counted
  if (tooMany !== undefined) return err(tooMany)

  const code = deps.codes.host(textToBytes(invitation))
  let settle: (how: HostOutcome | "Expired" | "Cancelled") => void = () => {}
  const ended = new Promise<HostOutcome | "Expired" | "Cancelled">(resolve => {
    settle = resolve
  })
  const end = (how: HostOutcome | "Expired" | "Cancelled"): void => {
    stopClock()
    settle(how)
    if (how === "Expired" || how === "Cancelled") return plate.close()
    // Who did not hear the last word says his own again, and gets it again.
    isAnswered = true
    stopClock = deps.clock.after(enterMs, () => plate.close())
  }
  const plate = openNameplate(deps, relay, code.nameplate, {
    message: message => {
      const step = code.take(message)
      if (step?.send !== undefined) plate.say(step.send)
      if (step?.outcome !== undefined && !isAnswered) end(step.outcome)
    },
  })
  let isAnswered = false
  let stopClock = deps.clock.after(invitationMs, () => end("Expired"))
  return ok({ text: code.text, ended, cancel: () => end("Cancelled") })
}

export type EnterError =
  /** It is not four digits and three words of the list: mistyped. */
  | { readonly type: "NotACode" }
  /** Whoever shows it says no: a word is wrong, or somebody was before. It is good no more. */
  | { readonly type: "Refused" }
  /** Nobody shows this code at the relay: it has expired, was used, or the digits or the relay are wrong. */
  | { readonly type: "NobodyThere" }

/** The invitation behind a code. */
export const enterCode = (
  deps: CodeNetDeps,
  relay: string,
  text: string,
): Promise<Result<string, EnterError>> => {
  const code = deps.codes.enter(text)
  if (code === undefined) return Promise.resolve(err({ type: "NotACode" }))
  return new Promise(resolve => {
    let saying = code.begin
    let isOver = false
    const end = (result: Result<string, EnterError>): void => {
      if (isOver) return
      isOver = true
      stopClock()
      plate.close()
      resolve(result)
    }
    const plate = openNameplate(deps, relay, code.nameplate, {
      message: message => {
        const step = code.take(message)
        if (step?.outcome !== undefined) {
          const invitation = step.outcome.type === "Opened" ? bytesToText(step.outcome.payload) : undefined
          return end(invitation === undefined ? err({ type: "Refused" }) : ok(invitation))
        }
        if (step?.send === undefined) return
        saying = step.send
        plate.say(saying)
      },
      open: () => plate.say(saying),
    })
    const stopClock = deps.clock.after(enterMs, () => end(err({ type: "NobodyThere" })))
    const repeat = (): void => {
      if (isOver) return
      plate.say(saying)
      deps.clock.after(repeatMs, repeat)
    }
    deps.clock.after(repeatMs, repeat)
  })
}
