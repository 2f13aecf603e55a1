const gatherMs = 700;

interface Sentences {
  readonly live: string;
  readonly offline: string;
  readonly taken: string;
  readonly takenMany: string;
  readonly freed: string;
  readonly freedMany: string;
}

/** Says politely what has changed: what comes together in one sentence, and whether anything will be said at all. */
export class Speaker {
  readonly #place: HTMLElement;
  readonly #words: Sentences;
  readonly #refresh: Element | null;
  readonly #number = new Intl.NumberFormat(document.documentElement.lang);
  #taken: string[] = [];
  #freed: string[] = [];
  #timer = 0;
  #isLive: boolean | null = null;
  #about = '';

  constructor(place: HTMLElement, words: Sentences) {
    this.#place = place;
    this.#words = words;
    this.#refresh = place.querySelector('[data-refresh]');
  }

  took(time: string): void {
    this.#taken.push(time);
    this.#soon();
  }

  freed(time: string): void {
    this.#freed.push(time);
    this.#soon();
  }

  /** Whether the page is told of changes now. Said only when it changes. */
  stands(isLive: boolean): void {
    if (isLive === this.#isLive) return;
    this.#isLive = isLive;
    this.say(`${this.#about} ${isLive ? this.#words.live : this.#words.offline}`.trim());
    this.#about = '';
  }

  /** Says what is shown now, before anything of how it stands. */
  announce(text: string): void {
    this.#about = `${text}.`;
    this.say(text);
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const parts = [
        this.#sentence(this.#taken, this.#words.taken, this.#words.takenMany),
        this.#sentence(this.#freed, this.#words.freed, this.#words.freedMany),
      ];
      this.#taken = [];
      this.#freed = [];
      this.say(parts.filter(Boolean).join(' '));
    }, gatherMs);
  }

  #sentence(times: readonly string[], one: string, many: string): string {
    if (times.length === 0) return '';
    if (times.length === 1) return one.replace('{time}', times[0] ?? '');
    return many.replace('{n}', this.#number.format(times.length));
  }

  /** Says a sentence in the place of what was said before. */
  say(text: string): void {
    this.#place.textContent = text;
    // Who is not told looks for themselves.
    if (this.#isLive !== true && this.#refresh !== null) this.#place.append(' ', this.#refresh);
  }
}
