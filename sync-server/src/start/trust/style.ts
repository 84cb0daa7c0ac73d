/** The app's look (client/src/ui/tokens.css) for a page that must open without it. */
export const style = `:root {
  color-scheme: light;
  --paper: #faf7f2;
  --card: #fffdf9;
  --ink: #26221c;
  --quiet: #645c50;
  --line: #e0d8ca;
  --accent: #25614d;
  --accent-ink: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --paper: #1b1916;
    --card: #24211d;
    --ink: #f0ebe2;
    --quiet: #b8afa1;
    --line: #3b362f;
    --accent: #8ccbb0;
    --accent-ink: #1b1916;
  }
}
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 1.0625rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif;
}
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 2rem; line-height: 1.25; margin: 1rem 0; }
h2 { font-size: 1.25rem; line-height: 1.25; margin: 2rem 0 0.75rem; }
a { color: var(--accent); }
dl, details { background: var(--card); border: 1px solid var(--line); border-radius: 0.875rem; padding: 1rem; margin: 0.75rem 0; }
dt { color: var(--quiet); font-size: 0.9375rem; }
dd { margin: 0 0 0.75rem; overflow-wrap: anywhere; }
dd:last-child { margin: 0; }
code { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
summary { min-height: 2.75rem; line-height: 2.75rem; cursor: pointer; font-weight: 600; }
li { margin: 0.5rem 0; }
.button { display: inline-block; min-height: 2.75rem; line-height: 2.75rem; padding: 0 1.25rem; border-radius: 99rem; background: var(--accent); color: var(--accent-ink); text-decoration: none; font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`
