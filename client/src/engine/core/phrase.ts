import {
  type RecoveryIdentity,
  createRecoveryEntropy,
  parseRecoveryPhrase,
  recoveryIdentity,
  recoveryPhrase,
} from "@home/crypto"
import { ByteReader, ByteWriter, type Clock, type Store, err, ok } from "@home/shared/base"
import { issueOwnCard, nameOfFamily } from "@home/shared/device"
import type { Calls, PhraseState } from "../port.js"
import { type Context, notOpen } from "./context.js"

/** How many of the 24 words are asked for. */
const askedWords = 3
const phraseWords = 24
/** So long nobody is reminded of the paper. */
const checkEveryMs = 365 * 24 * 60 * 60 * 1000

const positions = (context: Context): readonly number[] => {
  const found = new Set<number>()
  while (found.size < askedWords) found.add(1 + ((context.deps.random.bytes(1)[0] ?? 0) % phraseWords))
  return [...found].sort((a, b) => a - b)
}

const noteKey = ["recovery phrase"]

/** When somebody last proved here that the words are at hand, and whether they were used since: `isUsed u8 | ms u64`. */
export const notePhrase = (
  store: Store,
  { isUsed, checkedMs }: { readonly isUsed: boolean; readonly checkedMs: number },
): Promise<void> => {
  const value = new ByteWriter()
    .u8(isUsed ? 1 : 0)
    .u64(checkedMs)
    .done()
  return store.write([{ type: "Put", key: noteKey, value }])
}

export const phraseState = async (store: Store, clock: Clock): Promise<PhraseState> => {
  const stored = await store.get(noteKey)
  // Only the device that showed the words, or has proved them, knows of a date.
  if (stored === undefined) return "Fine"
  const reader = new ByteReader(stored)
  if (reader.u8() === 1) return "Used"
  return clock.now() - reader.u64() < checkEveryMs ? "Fine" : "Unchecked"
}

/** A phrase between being shown and being used: in memory, and nowhere else. */
export interface PhraseInHand {
  readonly calls: Pick<Calls, "newPhrase" | "checkPhrase" | "tryPhrase" | "replacePhrase">
  /** What follows from the words, once three of them were typed from the paper. */
  checked(): RecoveryIdentity | undefined
  forget(): void
}

export const createPhraseInHand = (context: Context): PhraseInHand => {
  const { deps } = context
  let phrase:
    { readonly entropy: Uint8Array; readonly asked: readonly number[]; isChecked: boolean } | undefined
  const checked = (): RecoveryIdentity | undefined =>
    phrase?.isChecked === true ? recoveryIdentity(phrase.entropy) : undefined
  const forget = (): void => {
    phrase = undefined
  }

  return {
    checked,
    forget,
    calls: {
      newPhrase: () => {
        if (context.cells.state.get()?.type === "Locked") return Promise.resolve(err(notOpen))
        const entropy = createRecoveryEntropy(deps.random)
        phrase = { entropy, asked: positions(context), isChecked: false }
        return Promise.resolve(ok({ words: recoveryPhrase(entropy).split(" "), asked: phrase.asked }))
      },
      checkPhrase: ({ answers }) => {
        if (phrase === undefined) return Promise.resolve(err({ type: "NoPhrase" }))
        const words = recoveryPhrase(phrase.entropy).split(" ")
        const wrong = phrase.asked.filter(
          (position, index) => answers[index]?.trim().toLowerCase() !== words[position - 1],
        )
        if (wrong.length > 0) return Promise.resolve(err({ type: "WrongWords", positions: wrong }))
        phrase.isChecked = true
        return Promise.resolve(ok(undefined))
      },
      tryPhrase: async input => {
        const family = context.family()
        if (family === undefined) return err(notOpen)
        const parsed = parseRecoveryPhrase(input.phrase)
        if (!parsed.ok) return parsed
        if (!family.replica.phrase.isCurrent(recoveryIdentity(parsed.value)))
          return err({ type: "WrongPhrase" })
        const isUsed = (await phraseState(family.profile.store, deps.clock)) === "Used"
        await notePhrase(family.profile.store, { isUsed, checkedMs: deps.clock.now() })
        await context.reshow()
        return ok(undefined)
      },
      replacePhrase: async ({ current }) => {
        const family = context.family()
        if (family === undefined) return err(notOpen)
        const next = checked()
        if (next === undefined) return err({ type: "PhraseNotChecked" })
        const parsed = current === undefined ? ok(undefined) : parseRecoveryPhrase(current)
        if (!parsed.ok) return parsed
        const by = parsed.value && recoveryIdentity(parsed.value)
        const replaced = await family.replica.phrase.replace(next, by)
        if (!replaced.ok) return replaced
        forget()
        await notePhrase(family.profile.store, { isUsed: false, checkedMs: deps.clock.now() })
        await family.replica.tend()
        // The old card is none from now on: it hung on the old words.
        const { relays } = family.profile.content()
        const hints = { name: await nameOfFamily(family), relays, issuedMs: deps.clock.now() }
        await issueOwnCard(family.device, next, hints)
        await context.reshow()
        return ok(undefined)
      },
    },
  }
}
