// Counts down how long something is held, by the server's clock: the page says what its time was when it was made, and
// only what has passed since is measured here. What is left is said aloud a few times, politely.
export {};

const box = document.querySelector<HTMLElement>('[data-countdown]');
const line = box?.querySelector<HTMLElement>('[data-left]');
const timer = box?.querySelector<HTMLElement>('[role=timer]');
const bar = box?.querySelector('progress');
const status = box?.querySelector<HTMLElement>('[role=status]');

if (box && line && timer && bar && status) {
  const number = (name: string): number => Number(box.dataset[name]);
  const said = JSON.parse(box.dataset.said ?? '[]') as [number, string][];
  const language = document.documentElement.lang;
  const plain = new Intl.NumberFormat(language);
  const padded = new Intl.NumberFormat(language, { minimumIntegerDigits: 2 });
  const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const beganMs = page?.responseStart ?? performance.now();
  const clockAtStartMs = Date.now() - (performance.now() - beganMs);
  // A device that sleeps may stop the one clock, and somebody may set the other: the later of the two is asked, and when
  // that is wrong, the server says so.
  const passedMs = (): number => Math.max(performance.now() - beganMs, Date.now() - clockAtStartMs);
  let before = Number.POSITIVE_INFINITY;
  const tick = (): void => {
    const leftMs = number('until') - number('now') - passedMs();
    const seconds = Math.max(0, Math.ceil(leftMs / 1000));
    timer.textContent = `${plain.format(Math.floor(seconds / 60))}:${padded.format(seconds % 60)}`;
    bar.value = Math.max(0, leftMs / number('whole'));
    const due = said.findLast(([at]) => seconds <= at && before > at);
    if (due && before !== Number.POSITIVE_INFINITY) status.textContent = due[1];
    before = seconds;
    if (leftMs > 0) return;
    clearInterval(beat);
    status.textContent = box.dataset.over ?? '';
    setTimeout(() => location.replace(location.pathname), 1500);
  };
  const beat = setInterval(tick, 500);
  line.hidden = false;
  tick();
  document.addEventListener('visibilitychange', tick);
}
