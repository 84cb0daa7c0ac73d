import { textToBytes } from "../base/index.js"

/** Paths at which a device or a box listens for WebSockets: links between known devices, joining, and being brought into a share. */
export const linkPath = "/link"
export const joinPath = "/join"
export const sharePath = "/share"

/** Prologues of the Noise handshakes: both sides must mean the same protocol, in the same version. */
export const linkPrologue = textToBytes("HOME link v1 IK")
export const sharePrologue = textToBytes("HOME share v1 IK")
export const joinPrologue = textToBytes("HOME join v1 XXpsk3")
