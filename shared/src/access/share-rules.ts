import type { GroupState } from "./state.js"
import type { Operation } from "./operation.js"

/** Whether the operation is by the contact key of a share's other side. */
export const isByVoucher = (state: GroupState, operation: Operation): boolean =>
  state.voucher !== undefined && operation.author === state.voucher.device

/** The voucher lets its own side's devices in and out, and does nothing else. */
const voucherMay = (state: GroupState, { body }: Operation): boolean => {
  if (body.type === "addDevice") return body.member === state.voucher?.member
  return body.type === "removeDevice" && state.devices.get(body.device)?.member === state.voucher?.member
}

/** That side's devices write; of the log they keep only the keys in order. */
const vouchedMay = ({ body }: Operation): boolean => body.type === "rekey" || body.type === "wrap"

/** The side that made the share governs it, within what a share is: two families, one circle, one admin. */
const ownSideMay = (state: GroupState, { body }: Operation): boolean => {
  switch (body.type) {
    case "addMember":
    case "setRole":
      return body.role !== "admin"
    case "addDevice":
      return body.member !== state.voucher?.member
    case "yield":
      return body.to.type === "Device"
    case "circle":
      return false
    default:
      return true
  }
}

/**
 * What a share permits beside the rules of every group. Nobody becomes admin of it but the member that founded it, and
 * nobody but the voucher speaks for the other side.
 */
export const isKnownToShare = (state: GroupState, operation: Operation): boolean => {
  if (state.voucher === undefined) return true
  if (isByVoucher(state, operation)) return voucherMay(state, operation)
  const member = operation.author === "recovery" ? undefined : state.devices.get(operation.author)?.member
  return member === state.voucher.member ? vouchedMay(operation) : ownSideMay(state, operation)
}
