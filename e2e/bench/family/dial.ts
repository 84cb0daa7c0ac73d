import { openChannel, patternIk } from "@home/crypto"
import type { SecureChannel } from "@home/shared/replica"
import { linkPath, linkPrologue } from "@home/shared/wire"
import { testDialer } from "../../../sync-server/src/box/testing/test-devices.js"
import { native } from "../../../sync-server/src/native/all.js"
import type { OpenDevice } from "../../../sync-server/src/profile/device.js"
import { systemRandom } from "../../../sync-server/src/profile/platform.js"

/** A link to the family's box as the command makes it: with the platform's cryptography. */
export const dialBox = async (device: OpenDevice, address: string): Promise<SecureChannel> => {
  const state = device.replica.session.state()
  const box = [...state.devices.values()].find(({ member }) => state.members.get(member)?.kind === "box")
  if (box === undefined) throw new Error("no box in the log")
  const opened = await openChannel(await testDialer.connect(`${address}${linkPath}`), {
    pattern: patternIk,
    role: "initiator",
    prologue: linkPrologue,
    random: systemRandom,
    primitives: native,
    staticSecret: device.profile.content.identity.secrets.link,
    remoteStatic: box.keys.link,
  })
  if (!opened.ok) throw new Error("the box refused the handshake")
  return opened.value.channel
}
