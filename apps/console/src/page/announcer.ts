/** Says the few things to screen readers that matter while people look elsewhere. */

/** Announces a sentence politely; the same sentence twice is announced twice. */
export function announce(sentence: string): void {
  const region = document.getElementById('announcements');
  if (!region) return;
  region.textContent = '';
  setTimeout(() => (region.textContent = sentence), 50);
}
