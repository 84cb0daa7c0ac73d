import type { Random, Result, Socket } from "@home/shared/base"
import { joinPrologue, linkPrologue } from "@home/shared/wire"
import { type ChannelError, type OpenedChannel, openChannel } from "./channel.js"
import { patternIk, patternXxPsk3 } from "./noise/pattern.js"
import type { Primitives } from "./primitives.js"

/** What a channel is for decides its pattern and prologue: no caller can mix them up. */
type Purpose =
  | { readonly purpose: "link"; readonly remoteStatic: Uint8Array }
  | { readonly purpose: "join"; readonly psk: Uint8Array; readonly digits: boolean }

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
      pattern: purpose === "link" ? patternIk : patternXxPsk3,
      prologue: purpose === "link" ? linkPrologue : joinPrologue,
    })
  }
