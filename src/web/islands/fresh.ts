// Asks for this page again from time to time, while somebody looks at it, and puts what has changed into the parts that
// say so (data-fresh: every so many seconds). Where the server leads elsewhere meanwhile, there we go.
export {};

const parts = [...document.querySelectorAll<HTMLElement>('[data-fresh]')];
const everyMs = Math.max(5, Math.min(...parts.map(({ dataset }) => Number(dataset.fresh)))) * 1000;
/** After so many failures in a row nobody is asked any more. */
const patience = 5;
let failures = 0;

const look = async (): Promise<void> => {
  if (document.hidden || parts.some((part) => part.contains(document.activeElement))) return;
  const answer = await fetch(location.pathname, { headers: { accept: 'text/html' } });
  if (answer.redirected && new URL(answer.url).pathname !== location.pathname) return location.assign(answer.url);
  if (!answer.ok) throw new Error('not answered');
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const now = [...page.querySelectorAll<HTMLElement>('[data-fresh]')];
  // Another page than this one: shown as a whole.
  if (now.length !== parts.length) return location.reload();
  for (const [i, part] of parts.entries()) {
    const other = now[i];
    if (other === undefined || other.textContent === part.textContent) continue;
    part.replaceChildren(...other.childNodes);
    const said = document.querySelector('[data-fresh-said]');
    if (said) said.textContent = other.dataset.said ?? '';
  }
};

const again = (): void => {
  setTimeout(
    () =>
      look()
        .then(
          () => {
            failures = 0;
          },
          () => {
            failures += 1;
          },
        )
        .then(() => failures < patience && again()),
    everyMs * (failures + 1),
  );
};
if (parts.length > 0) again();
