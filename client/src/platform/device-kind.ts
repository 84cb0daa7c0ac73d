export type DeviceKind = "phone" | "tablet" | "computer"

/** A guess from the size of the screen and the kind of pointer, for the first proposal of a name. */
export const deviceKind = (): DeviceKind => {
  if (!matchMedia("(pointer: coarse)").matches) return "computer"
  return Math.min(screen.width, screen.height) < 600 ? "phone" : "tablet"
}
