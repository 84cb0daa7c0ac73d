/** Hands a file to the browser's own way of saving. */
export const saveFile = (file: {
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}): void => saveBlob(new Blob([new Uint8Array(file.bytes)], { type: file.mediaType }), file.name)

/** Without a type of its own the browser shows nothing of it: it is saved, whatever it is called. */
export const saveBlob = (content: Blob, name: string): void => {
  const url = URL.createObjectURL(content)
  const link = document.createElement("a")
  link.href = url
  link.download = name
  link.click()
  // The download has its own hold on the content by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
