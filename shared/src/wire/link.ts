import { textToBytes } from "../base/index.js"

/** Paths at which a device or a box listens for WebSockets: links between known devices, and joining. */
export const linkPath = "/link"
export const joinPath = "/join"

/** Prologues of the Noise handshakes: both sides must mean the same protocol, in the same version. */
export const linkPrologue = textToBytes("HOME link v1 IK")
export const joinPrologue = textToBytes("HOME join v1 XXpsk3")
