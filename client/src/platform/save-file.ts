/** Hands a file to the browser's own way of saving. */
export const saveFile = (file: {
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}): void => {
  const url = URL.createObjectURL(new Blob([new Uint8Array(file.bytes)], { type: file.mediaType }))
  const link = document.createElement("a")
  link.href = url
  link.download = file.name
  link.click()
  // The download has its own hold on the content by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
