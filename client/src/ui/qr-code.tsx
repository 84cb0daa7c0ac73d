import { type JSX, createMemo } from "solid-js"
import { encode } from "uqr"

/** One square a dark cell, as one path: `M x y h 1 v 1 h -1 z`. */
const pathOf = (cells: readonly (readonly boolean[])[]): string =>
  cells.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join("")

/** Always dark on white with its quiet zone, in the dark theme too: cameras read nothing else well. */
export function QrCode(props: { readonly text: string; readonly label: string }): JSX.Element {
  const code = createMemo(() => encode(props.text, { ecc: "M", border: 4 }))
  return (
    <svg
      class="qr"
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${code().size} ${code().size}`}
      shape-rendering="crispEdges"
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={pathOf(code().data)} fill="#000" />
    </svg>
  )
}
