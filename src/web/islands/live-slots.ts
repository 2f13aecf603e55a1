import { LiveWeek } from './live/week.ts';

// Keeps the free times of a doctor's page as they truly are, and turns its weeks without loading the whole page.
const root = document.querySelector<HTMLElement>('[data-live]');

/** For so long a page that nobody looks at stays connected. */
const lingerMs = 30_000;

if (root !== null) {
  let week = new LiveWeek(root);
  week.follow();
  let leaving = 0;
  let hasLeft = false;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(leaving);
    if (document.hidden) {
      leaving = setTimeout(() => {
        hasLeft = true;
        week.leave();
      }, lingerMs);
    } else if (hasLeft) {
      hasLeft = false;
      week.follow();
    }
  });
  // A page with an open socket is not kept for the way back.
  addEventListener('pagehide', () => week.leave());
  addEventListener('pageshow', (event) => {
    if (event.persisted) week.follow();
  });

  let shown = location.search;
  const turn = async (href: string, isNew: boolean): Promise<void> => {
    const days = root.querySelector('[data-week]');
    const skeleton = root.querySelector<HTMLTemplateElement>('[data-skeleton]');
    const said = root.querySelector('[data-said]');
    const turned = document.activeElement?.getAttribute('data-turn');
    week.leave();
    root.setAttribute('aria-busy', 'true');
    if (said) said.textContent = week.words.loading;
    if (days && skeleton) days.replaceChildren(skeleton.content.cloneNode(true));
    try {
      const answer = await fetch(href);
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.querySelector<HTMLElement>('[data-live]');
      if (!answer.ok || fresh === null) throw new Error('no week');
      root.replaceChildren(...fresh.childNodes);
      root.removeAttribute('aria-busy');
      if (isNew) history.pushState(null, '', href);
      shown = location.search;
      // Where the reader was: on the way on, if it still leads anywhere.
      const again = root.querySelector<HTMLElement>(`[data-turn="${turned}"]`) ?? root.querySelector('[data-turn]');
      if (turned) again?.focus();
      week = new LiveWeek(root);
      week.announce(root.querySelector('[data-span]')?.textContent ?? '');
      week.follow();
    } catch {
      location.assign(href);
    }
  };
  root.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-turn]');
    if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void turn(link.href, true);
  });
  addEventListener('popstate', () => {
    if (location.search !== shown) void turn(location.href, false);
  });
}
