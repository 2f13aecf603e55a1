/** A slot as the server tells it. */
export interface LiveSlot {
  readonly id: string;
  readonly startsAt: string;
  readonly remaining: number;
  readonly mode: string;
  readonly clinicId: string | null;
}

/** What is told of a day: all of it, or what has changed. */
export type Told = (slots: readonly LiveSlot[], isWhole: boolean) => void;

const firstWaitMs = 1_000;
const longestWaitMs = 60_000;
const pingEveryMs = 25_000;
const pongWithinMs = 10_000;
/** A day that nobody has booked yet is not told of edits of the schedule: now and then everything is read again. */
const renewAfterMs = 600_000;
const pollEveryMs = 30_000;
/** After so many tries in vain one asks instead. */
const triesBeforePolling = 3;

/** Follows one day: over a WebSocket, which tells everything first, so that a break loses nothing; else by asking. */
export class DaySocket {
  readonly #path: string;
  readonly #told: Told;
  readonly #stands: (isLive: boolean) => void;
  #socket: WebSocket | null = null;
  #timers: number[] = [];
  #tries = 0;
  #heardAtMs = 0;

  constructor(doctorId: string, date: string, told: Told, stands: (isLive: boolean) => void) {
    this.#path = `/api/v1/doctors/${doctorId}/slots`;
    this.#date = date;
    this.#told = told;
    this.#stands = stands;
  }
  readonly #date: string;

  /** Begins, or begins again. */
  open(): void {
    this.close();
    const address = new URL(`${this.#path}/live?date=${this.#date}`, location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    const socket = new WebSocket(address);
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      this.#heardAtMs = Date.now();
      this.#tries = 0;
      if (data === 'pong') return;
      const { type, slots } = JSON.parse(data) as { type: string; slots: LiveSlot[] };
      this.#told(slots, type === 'all');
      this.#stands(true);
    };
    socket.onclose = () => {
      if (socket === this.#socket) this.#again();
    };
    socket.onopen = () => this.#keep(socket);
  }

  /** Ends; nothing is told any more. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    const socket = this.#socket;
    this.#socket = null;
    // One that is still on its way is let in first: to break it off is an error that browsers write down.
    if (socket?.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
    else socket?.close();
  }

  /** Whether it is being followed. */
  get isOpen(): boolean {
    return this.#socket !== null || this.#timers.length > 0;
  }

  #keep(socket: WebSocket): void {
    this.#after(renewAfterMs * (1 + Math.random()), () => this.open());
    const ping = (): void => {
      socket.send('ping');
      const sentAtMs = Date.now();
      this.#after(pongWithinMs, () => {
        if (this.#heardAtMs < sentAtMs) return this.#again();
        this.#after(pingEveryMs, ping);
      });
    };
    this.#after(pingEveryMs, ping);
  }

  /** Comes again after a while that doubles, drawn at random so that not everybody comes at once. */
  #again(): void {
    this.close();
    this.#stands(false);
    const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** this.#tries) * (0.5 + Math.random() / 2);
    this.#tries += 1;
    this.#after(waitMs, () => this.open());
    if (this.#tries >= triesBeforePolling) this.#after(Math.min(waitMs, pollEveryMs) / 2, () => void this.#poll());
  }

  async #poll(): Promise<void> {
    try {
      const answer = await fetch(`${this.#path}?date=${this.#date}`);
      if (answer.ok) this.#told(((await answer.json()) as { slots: LiveSlot[] }).slots, true);
    } catch {
      // Not connected: the next try says so, too.
    }
  }

  #after(ms: number, act: () => void): void {
    this.#timers.push(setTimeout(act, ms));
  }
}
