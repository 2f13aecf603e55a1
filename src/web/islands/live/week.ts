import { DaySocket, type LiveSlot } from './day-socket.ts';
import { Speaker } from './speaker.ts';

interface Sentences {
  readonly book: string;
  readonly live: string;
  readonly offline: string;
  readonly taken: string;
  readonly takenMany: string;
  readonly freed: string;
  readonly freedMany: string;
  readonly loading: string;
}

/** The days of a week on the page, followed as long as they can be seen. */
export class LiveWeek {
  readonly #root: HTMLElement;
  readonly #speaker: Speaker;
  readonly #clock: Intl.DateTimeFormat;
  readonly #days = new Map<Element, DaySocket>();
  readonly #seen: IntersectionObserver;
  readonly words: Sentences;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.words = JSON.parse(root.dataset.words ?? '{}');
    this.#speaker = new Speaker(root.querySelector('[data-said]') as HTMLElement, this.words);
    const tag = document.documentElement.lang === 'bn' ? 'bn-BD' : 'en-GB';
    const zone = { timeZone: root.dataset.zone, hourCycle: 'h23' } as const;
    this.#clock = new Intl.DateTimeFormat(tag, { ...zone, hour: '2-digit', minute: '2-digit' });
    this.#seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const day = this.#days.get(target);
        if (isIntersecting && day?.isOpen === false && !document.hidden) day.open();
        else if (!isIntersecting) day?.close();
      }
    });
  }

  /** Follows the days that stand on the page now. */
  follow(): void {
    this.leave();
    for (const item of this.#root.querySelectorAll<HTMLElement>('[data-open]')) {
      const told = (slots: readonly LiveSlot[], isWhole: boolean): void => this.#show(item, slots, isWhole);
      const day = new DaySocket(this.#root.dataset.live ?? '', item.dataset.date ?? '', told, (isLive) =>
        this.#speaker.stands(isLive),
      );
      this.#days.set(item, day);
      this.#seen.observe(item);
    }
  }

  /** Says something once, politely. */
  announce(text: string): void {
    this.#speaker.announce(text);
  }

  /** Follows nothing any more. */
  leave(): void {
    this.#seen.disconnect();
    for (const day of this.#days.values()) day.close();
    this.#days.clear();
  }

  #show(day: HTMLElement, slots: readonly LiveSlot[], isWhole: boolean): void {
    const mode = this.#root.dataset.mode;
    const wanted = slots.filter((slot) => mode === undefined || slot.mode === mode);
    if (isWhole) {
      const offered = new Set(wanted.map(({ id }) => id));
      for (const item of day.querySelectorAll<HTMLElement>('[data-slot]'))
        if (!offered.has(item.dataset.slot ?? '')) this.#take(day, item);
    }
    for (const slot of wanted) {
      const item = day.querySelector<HTMLElement>(`[data-slot="${slot.id}"]`);
      if (slot.remaining > 0) this.#free(day, item, slot);
      else if (item !== null) this.#take(day, item);
    }
    const isFull = day.querySelector('[data-slot]:not([data-gone])') === null;
    const full = day.querySelector<HTMLElement>('[data-full]');
    if (full !== null) full.hidden = !isFull;
  }

  /** It vanishes and leaves its place empty: what stands under a finger that is about to press must not move. */
  #take(day: HTMLElement, item: HTMLElement): void {
    if (item.dataset.gone !== undefined) return;
    const isFocused = item.contains(document.activeElement);
    item.dataset.gone = '';
    this.#speaker.took(this.#nameOf(day, item.dataset.starts ?? ''));
    if (!isFocused) return;
    const left = [...day.querySelectorAll<HTMLElement>('[data-slot]:not([data-gone]) a')];
    const next = left.find((link) => item.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING) ?? left[0];
    const heading = day.querySelector<HTMLElement>('h3');
    heading?.setAttribute('tabindex', '-1');
    (next ?? heading)?.focus();
  }

  #free(day: HTMLElement, item: HTMLElement | null, slot: LiveSlot): void {
    if (item !== null && item.dataset.gone === undefined) return;
    if (item !== null) delete item.dataset.gone;
    else if (!this.#add(day, slot)) return;
    this.#speaker.freed(this.#nameOf(day, slot.startsAt));
  }

  #add(day: HTMLElement, slot: LiveSlot): boolean {
    const template = this.#root.querySelector<HTMLTemplateElement>('[data-template]');
    const item = template?.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined;
    const link = item?.querySelector('a');
    if (!item || !link) return false;
    item.dataset.slot = slot.id;
    item.dataset.starts = slot.startsAt;
    const clock = this.#clock.format(new Date(slot.startsAt));
    link.href = `/book/${slot.id}`;
    link.textContent = clock;
    link.setAttribute('aria-label', this.words.book.replace('{clock}', clock).replace('{day}', day.dataset.day ?? ''));
    const later = [...day.querySelectorAll<HTMLElement>('[data-slot]')].find(
      (other) => (other.dataset.starts ?? '') > slot.startsAt,
    );
    if (later !== undefined) later.before(item);
    else [...day.querySelectorAll('[data-slots]')].at(-1)?.append(item);
    return true;
  }

  #nameOf(day: HTMLElement, startsAt: string): string {
    return `${day.dataset.day}, ${this.#clock.format(new Date(startsAt))}`;
  }
}
