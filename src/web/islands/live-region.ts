// Keeps [data-live] parts of a page as they are on the server: looks again every so many seconds, when the page is shown
// again, and as soon as a watched day of the doctor tells that something was taken or has become free. What is likely to
// become otherwise in a moment says so (data-live-soon: after how many seconds): then it looks sooner, once.
const settleSeconds = 1.2;
const retryMs = 30_000;

const textOf = (region: Element): string => (region.textContent ?? '').replaceAll(/\s+/g, ' ').trim();

/** Somebody is at work in it: a page does not change under their hands. */
const isInUse = (region: Element): boolean =>
  region.contains(document.activeElement) || region.querySelector('[data-dragging]') !== null;

const follow = (first: HTMLElement): void => {
  const { id } = first;
  const { live = '60', liveDays = '', liveDoctor = '', liveSaid = '' } = first.dataset;
  const said = document.createElement('p');
  said.setAttribute('role', 'status');
  said.className = 'unseen';
  first.after(said);
  let timer = 0;
  let isLooking = false;

  const lookIn = (seconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(look, seconds * 1_000);
  };
  const lookAfter = (region: Element): void =>
    lookIn(Number(region.querySelector<HTMLElement>('[data-live-soon]')?.dataset.liveSoon ?? live));

  const look = async (): Promise<void> => {
    lookIn(Number(live));
    const region = document.getElementById(id);
    if (region === null || isLooking || document.visibilityState !== 'visible' || isInUse(region)) return;
    isLooking = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(id);
      if (fresh === null || textOf(fresh) === textOf(region) || isInUse(region)) return;
      region.replaceChildren(...fresh.childNodes);
      said.textContent = liveSaid;
      lookAfter(region);
      region.dispatchEvent(new CustomEvent('live', { bubbles: true }));
    } catch {
      // Out of reach: the next time will do.
    } finally {
      isLooking = false;
    }
  };

  const soon = (): void => lookIn(settleSeconds);

  const watch = (date: string): void => {
    const socket = new WebSocket(`/api/v1/doctors/${liveDoctor}/slots/live?date=${date}`);
    socket.addEventListener('message', ({ data }) => {
      if (String(data).includes('"changed"')) soon();
    });
    socket.addEventListener('close', ({ wasClean }) => {
      if (!wasClean) setTimeout(() => watch(date), retryMs);
    });
  };

  lookAfter(first);
  document.addEventListener('visibilitychange', () => void look());
  if (liveDoctor !== '') for (const date of liveDays.split(',').filter((one) => one !== '')) watch(date);
};

for (const region of document.querySelectorAll<HTMLElement>('[data-live]')) follow(region);
