import type { Random, Result, Socket } from "@home/shared/base"
import { joinPrologue, linkPrologue, sharePrologue } from "@home/shared/wire"
import { type ChannelError, type OpenedChannel, openChannel } from "./channel.js"
import { patternIk, patternXxPsk3 } from "./noise/pattern.js"
import type { Primitives } from "./primitives.js"

/** What a channel is for decides its pattern and prologue: no caller can mix them up. */
type Purpose =
  | { readonly purpose: "link" | "share"; readonly remoteStatic: Uint8Array }
  | { readonly purpose: "join"; readonly psk: Uint8Array; readonly digits: boolean }

const prologues = { link: linkPrologue, share: sharePrologue, join: joinPrologue } as const

/** The handshakes of links and of joining, as the port `OpenChannel` of shared/device asks for them. */
export const createChannelOpener =
  (deps: { readonly random: Random; readonly primitives?: Primitives }) =>
  (
    socket: Socket,
    options: Purpose & { readonly role: "initiator" | "responder"; readonly staticSecret: Uint8Array },
  ): Promise<Result<OpenedChannel, ChannelError>> => {
    const { purpose, ...rest } = options
    return openChannel(socket, {
      ...deps,
      ...rest,
      pattern: purpose === "join" ? patternXxPsk3 : patternIk,
      prologue: prologues[purpose],
    })
  }
