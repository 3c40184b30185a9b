// Before the first paint, so that no page flashes in another theme than the one chosen: the only script that is waited for.
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing shows what the system prefers.
}
