// Before the first paint: what the person chose about light, contrast and size of text (platform/appearance.ts).
try {
  const chosen = JSON.parse(localStorage.getItem("home:appearance") ?? "{}")
  for (const name of ["theme", "contrast", "text"]) {
    if (typeof chosen[name] === "string") document.documentElement.dataset[name] = chosen[name]
  }
  if (typeof chosen.locale === "string") document.documentElement.lang = chosen.locale
} catch {
  // No storage, or not ours: the system's choice stands.
}
