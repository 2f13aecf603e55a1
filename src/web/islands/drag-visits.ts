// In the week, a [data-visit] can be dragged onto a [data-slot]: that leads to the page that moves it, with the slot
// chosen. Without this script, and by keyboard, the link "Move" leads there as well.
const startPixels = 8;

interface Drag {
  readonly visit: HTMLElement;
  readonly pointerId: number;
  readonly x: number;
  readonly y: number;
  ghost: HTMLElement | null;
}
let drag: Drag | null = null;

const slotAt = (x: number, y: number): HTMLElement | null =>
  document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-slot]') ?? null;

const mark = (slot: HTMLElement | null): void => {
  for (const old of document.querySelectorAll('.is-target')) old.classList.remove('is-target');
  slot?.classList.add('is-target');
};

const end = (): void => {
  drag?.ghost?.remove();
  drag?.visit.removeAttribute('data-dragging');
  document.documentElement.classList.remove('is-dragging');
  mark(null);
  drag = null;
};

document.addEventListener('pointerdown', (event) => {
  const target = event.target as Element;
  const visit = target.closest<HTMLElement>('[data-visit]');
  // A finger scrolls, and links are pressed: only the mouse and the pen drag.
  if (visit === null || event.pointerType === 'touch' || event.button !== 0) return;
  drag = { visit, pointerId: event.pointerId, x: event.clientX, y: event.clientY, ghost: null };
});

document.addEventListener('pointermove', (event) => {
  if (drag === null || event.pointerId !== drag.pointerId) return;
  if (drag.ghost === null) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < startPixels) return;
    const ghost = drag.visit.cloneNode(true) as HTMLElement;
    ghost.classList.add('ghost');
    ghost.setAttribute('aria-hidden', 'true');
    ghost.style.width = `${drag.visit.offsetWidth}px`;
    document.body.append(ghost);
    drag.ghost = ghost;
    drag.visit.setAttribute('data-dragging', '');
    document.documentElement.classList.add('is-dragging');
  }
  event.preventDefault();
  drag.ghost.style.translate = `${event.clientX + 4}px ${event.clientY + 4}px`;
  mark(slotAt(event.clientX, event.clientY));
});

document.addEventListener('pointerup', (event) => {
  if (drag === null || event.pointerId !== drag.pointerId) return;
  const { visit, ghost } = drag;
  const slot = ghost === null ? null : slotAt(event.clientX, event.clientY);
  if (ghost !== null) {
    // What comes right after a drag is no click on a link that happened to be there.
    const ignore = (click: Event): void => click.preventDefault();
    addEventListener('click', ignore, { capture: true, once: true });
    setTimeout(() => removeEventListener('click', ignore, { capture: true }), 0);
  }
  end();
  if (slot === null) return;
  const to = new URLSearchParams({ slot: slot.dataset.slot ?? '' });
  location.assign(`/week/${visit.dataset.visit}/move?${to}`);
});

document.addEventListener('pointercancel', end);
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') end();
});
// The browser's own dragging of links would take the pointer away.
document.addEventListener('dragstart', (event) => {
  if ((event.target as Element).closest?.('[data-visit]')) event.preventDefault();
});
