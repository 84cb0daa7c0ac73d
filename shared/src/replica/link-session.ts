import type { FeedId } from "../base/index.js"
import { type Have, type PeerMessage, encodePeerMessage, firstFeed, parsePeerMessage } from "../wire/index.js"
import { type BlobExchange, createBlobExchange } from "./blob-exchange.js"
import type { Blobs } from "./blobs.js"
import { type ForkOffers, countForkOffers, missingFor, readOffer, readStretches } from "./catch-up.js"
import type { Replica } from "./replica-port.js"

/** An authenticated, encrypted message channel to one peer: Noise over whatever socket. */
export interface SecureChannel {
  send(bytes: Uint8Array): void
  close(): void
  bufferedBytes(): number
  /** As in `Socket`. */
  hold?(isHeld: boolean): void
  onMessage(receive: (bytes: Uint8Array) => void): void
  onClose(closed: () => void): void
}

export interface LinkEvents {
  /** Both sides have sent what the other lacked, and what came has been taken in. May come again. */
  onSettled?(): void
  onSignal?(signal: Uint8Array): void
  onClosed?(): void
}

export interface LinkSession {
  /** Chunks of blobs over this link, where this side has any. */
  readonly blobs: BlobExchange | undefined
  sendSignal(signal: Uint8Array): void
  /**
   * True once everything that is here now is stored at the peer and everything there was taken in: peers handle
   * messages in order, so the answer to a Have comes after what was sent before it is durable there. False when
   * the link closes first.
   */
  settle(): Promise<boolean>
  close(): void
}

export interface LinkOptions {
  /** Names the source of what comes in, so that it is not sent back. */
  readonly name: string
  readonly isKeeper: boolean
  /**
   * Whether the peer's device is live in the log, as far as it is known here. A peer that is not may introduce
   * itself: it may have been admitted while we were away. Nothing is given to it before.
   */
  readonly isAuthorised: () => boolean
  /** `isPeerKeeper`: the peer is a box of the family. */
  readonly blobs?: { readonly held: Blobs; readonly isPeerKeeper: boolean } | undefined
}

/** What a peer that is not known yet may send to introduce itself. */
const introductionBytes = 4 * 1024 * 1024
const maxIntroductions = 4

/** What one Have is answered with before the other side must ask again: bounds what lies in buffers. */
const windowBytes = 8 * 1024 * 1024
/** With so much still unsent a peer that asks for more is left: an honest one has two or three windows under way. */
const unreadBytes = 4 * windowBytes

/** With so much that came and is not taken in yet the network is asked to wait, ... */
const holdBytes = windowBytes
/** ... until so much is left. */
const releaseBytes = holdBytes / 2
/** Who goes on all the same, or comes by a network that cannot wait, is left: an honest one keeps to its windows. */
const floodBytes = 8 * windowBytes

const isOriginal = ({ wants }: Have): boolean => wants.type === "Everything" || wants.originals

/**
 * Have/want with one peer, then everything new as it comes. Each side says what it has; the other sends what is
 * missing and then Sent. Whoever learned new keys from it says Have again, for it now wants more.
 */
export const createLinkSession = (
  replica: Replica,
  channel: SecureChannel,
  options: LinkOptions,
  events: LinkEvents = {},
): LinkSession => {
  let isClosed = false
  const forkOffers: ForkOffers = new Map()
  let isTheirHaveAnswered = false
  /** The pages that wait for an answer. Answers come in order. */
  let asked: Pick<Have, "from" | "before">[] = []
  let tagsAsked = 0
  let originalsAsked = false
  let isBehind = false
  let strangerBytes = 0
  let introductions = 0
  /** Since the last `Introduce` the stranger has shown something, and something of it was new. */
  let isShown = false
  let isNews = false
  let isCaughtUp = false
  /** Bundles went out after the last Have: only the answer to another one will show that they are durable there. */
  let isUnconfirmed = false
  let isConfirming = false
  const waiting: ((isSettled: boolean) => void)[] = []
  /** An answer that stopped at its window: the next Have goes on there. Of a forked feed it would begin anew for ever. */
  let rest: { readonly messages: AsyncGenerator<readonly Uint8Array[]>; readonly asked: string } | undefined

  let waitingBytes = 0
  let isHeld = false
  const weigh = (changeBytes: number): void => {
    waitingBytes += changeBytes
    const isHeavy = waitingBytes > (isHeld ? releaseBytes : holdBytes)
    if (isHeavy === isHeld || isClosed) return
    isHeld = isHeavy
    channel.hold?.(isHeld)
  }
  const arrive = (bytes: Uint8Array): void => {
    if (isClosed) return
    weigh(bytes.length)
    if (waitingBytes > floodBytes) return close()
    queue(() => handle(bytes).finally(() => weigh(-bytes.length)))
  }

  // What arrives is handled in order, one message at a time.
  let last: Promise<void> = Promise.resolve()
  const queue = (job: () => Promise<void>): void => {
    last = last
      .then(async () => {
        if (!isClosed) await job()
      })
      .catch(() => close())
  }

  const send = (message: PeerMessage): void => {
    if (message.type === "Bundles") isUnconfirmed = true
    channel.send(encodePeerMessage(message))
  }

  const exchange =
    options.blobs &&
    createBlobExchange(
      { blobs: options.blobs.held, replica },
      { send: message => !isClosed && send(message), close: () => close() },
      { isKeeper: options.isKeeper, isPeerKeeper: options.blobs.isPeerKeeper },
    )

  const close = (): void => {
    if (isClosed) return
    isClosed = true
    exchange?.close()
    stopListening()
    channel.close()
    for (const resolve of waiting.splice(0)) resolve(false)
    events.onClosed?.()
  }

  /** Says what is here, page by page: one tells of some thousand feeds, and is mostly the only one. */
  const sendHave = async (from: FeedId = firstFeed): Promise<void> => {
    const tags = replica.session.keyring.tags()
    isUnconfirmed = false
    const have = await replica.have(tags, from)
    // What is wanted since a later page only is not in the answers to those before.
    if (from === firstFeed) {
      tagsAsked = tags.length
      originalsAsked = isOriginal(have)
    }
    asked.push(have)
    send({ type: "Have", have })
  }

  const checkSettled = async (): Promise<void> => {
    if (asked.length > 0) return
    if (!isCaughtUp) {
      isCaughtUp = true
      await replica.caughtUp()
    }
    if (!isTheirHaveAnswered) return
    // Once only: of a forked feed everything is offered each time.
    if (isUnconfirmed && waiting.length > 0 && !isConfirming) {
      isConfirming = true
      return sendHave()
    }
    isConfirming = false
    events.onSettled?.()
    for (const resolve of waiting.splice(0)) resolve(true)
  }

  const answer = async (have: Have): Promise<void> => {
    const page = JSON.stringify([have.wants, have.from])
    if (rest?.asked !== page) {
      isBehind = false
      const offer = await replica.offer(have)
      const { tag } = replica.session.keyring.log
      const stretches = await missingFor(replica.archive, offer.have, tag, forkOffers)
      countForkOffers(forkOffers, stretches)
      rest = { messages: readOffer(replica.archive, offer.first, stretches), asked: page }
    }
    for (let sentBytes = 0; ;) {
      if (sentBytes > windowBytes) return send({ type: "Sent", isAll: false })
      const { done, value: bundles } = await rest.messages.next()
      if (done === true) break
      send({ type: "Bundles", bundles })
      for (const bundle of bundles) sentBytes += bundle.length
    }
    rest = undefined
    // Something came in meanwhile and was not sent for full buffers.
    if (isBehind) return send({ type: "Sent", isAll: false })
    isTheirHaveAnswered = have.before === undefined
    send({ type: "Sent", isAll: true })
    await checkSettled()
  }

  const introduce = async (): Promise<void> => {
    const logTag = replica.session.keyring.log.tag
    const positions = (await replica.archive.positions()).filter(position => position.tags.includes(logTag))
    const stretches = positions.map(({ feed }) => ({ feed, from: 1, to: Infinity }))
    for await (const bundles of readStretches(replica.archive, stretches)) send({ type: "Bundles", bundles })
    // To a peer that did not know us our earlier Haves said nothing: no answer will come.
    asked = []
    await sendHave()
  }

  const askWho = (): void => {
    introductions += 1
    isShown = false
    isNews = false
    send({ type: "Introduce" })
  }

  /**
   * The stranger's whole log lies between our question and his Have. Whose admission lies several new members back
   * may come in the wrong order: so once more, a few times. Whom nothing makes known must not wait for us for ever.
   */
  const handleStrangersHave = (): void => {
    if (introductions === 0) return askWho()
    if (!isShown) return
    if (introductions >= maxIntroductions || (introductions > 1 && !isNews)) return close()
    askWho()
  }

  /** From a peer that is not in our log: only what may change that. */
  const handleStranger = async (message: PeerMessage): Promise<void> => {
    if (message.type === "Have") return handleStrangersHave()
    // Neither knows the other: nobody here can introduce anybody.
    if (message.type === "Introduce") return close()
    if (message.type !== "Bundles") return
    isShown = true
    for (const bundle of message.bundles) strangerBytes += bundle.length
    if (strangerBytes > introductionBytes) return close()
    const { added } = await replica.introduce(message.bundles, options.name)
    if (options.isAuthorised()) return sendHave()
    isNews ||= added.length > 0
  }

  const takeSent = async (isAll: boolean): Promise<void> => {
    const page = asked.shift()
    // Unasked: the peer has more than it could send as it came.
    if (!isAll) return sendHave(page?.from)
    if (page?.before !== undefined) return sendHave(page.before)
    if (replica.session.keyring.tags().length > tagsAsked) return sendHave()
    // What came has shown that snapshots will not do.
    if (!originalsAsked && isOriginal(await replica.have([]))) return sendHave()
    return checkSettled()
  }

  const handle = async (bytes: Uint8Array): Promise<void> => {
    const message = parsePeerMessage(bytes)
    if (message !== undefined && !options.isAuthorised()) return handleStranger(message)
    // Who asks on and does not read would have us keep everything in memory.
    if (message === undefined) return
    const isAsking = ["Have", "Introduce", "Want", "Offer"].includes(message.type)
    if (isAsking && channel.bufferedBytes() > unreadBytes) return close()
    switch (message.type) {
      case "Have":
        return answer(message.have)
      case "Introduce":
        return introduce()
      case "Bundles":
        await replica.receive(message.bundles, options.name)
        return
      case "Sent":
        return takeSent(message.isAll)
      case "Signal":
        return events.onSignal?.(message.signal)
      default:
        return exchange?.handle(message)
    }
  }

  const stopListening = replica.onAppended((bundles, from) => {
    if (from === options.name || isClosed || !options.isAuthorised()) return
    if (channel.bufferedBytes() > windowBytes) {
      isBehind = true
      return
    }
    // A peer that was left behind is told to ask again instead: its Have finds the gap.
    if (isBehind) send({ type: "Sent", isAll: false })
    else send({ type: "Bundles", bundles: bundles.map(({ bundle }) => bundle.bytes) })
  })

  // Before anything that has come already is handled: its answer would look like the end of an exchange.
  queue(async () => {
    if (options.isAuthorised()) await sendHave()
    else askWho()
  })
  channel.onMessage(arrive)
  channel.onClose(close)

  return {
    blobs: exchange,
    sendSignal: signal => {
      if (!isClosed) send({ type: "Signal", signal })
    },
    settle: () =>
      new Promise(resolve => {
        if (isClosed) return resolve(false)
        waiting.push(resolve)
        // Asked twice before anything has come, all of it would come twice.
        queue(async () => {
          if (asked.length === 0) await sendHave()
        })
      }),
    close,
  }
}
