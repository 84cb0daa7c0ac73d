import type { DeviceKind } from "@home/shared/documents"

/**
 * A guess from what the browser says of itself (`userAgent`), the pointer and the shorter side of the screen in CSS
 * pixels: for the first proposal of a name, and for the family to tell its devices from each other. An iPad calls itself a Mac, one with a finger for a pointer.
 */
export const kindOf = (device: {
  readonly userAgent: string
  readonly isCoarse: boolean
  readonly shortSidePx: number
}): DeviceKind => {
  const { userAgent, isCoarse, shortSidePx } = device
  const isSmall = shortSidePx < 600
  if (/iPhone|iPod/.test(userAgent)) return "iPhone"
  if (/iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && isCoarse)) return "iPad"
  if (/Android/.test(userAgent)) return isSmall ? "androidPhone" : "androidTablet"
  if (/CrOS/.test(userAgent)) return "chromebook"
  if (isCoarse && !/Windows/.test(userAgent)) return isSmall ? "phone" : "tablet"
  if (/Macintosh/.test(userAgent)) return "Mac"
  if (/Windows/.test(userAgent)) return "windows"
  return /Linux/.test(userAgent) ? "linux" : "computer"
}

export const deviceKind = (): DeviceKind =>
  kindOf({
    userAgent: navigator.userAgent,
    isCoarse: matchMedia("(pointer: coarse)").matches,
    shortSidePx: Math.min(screen.width, screen.height),
  })
