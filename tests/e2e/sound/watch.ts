import type { ConsoleMessage, Page, Response } from 'playwright-core';

/** Runs in every document before its own scripts. A focus that was somewhere and is nowhere has been lost. */
const begin = (): void => {
  const noted = { focused: false };
  Object.defineProperty(window, '__watched', { value: noted });
  addEventListener('focusin', ({ target }) => {
    if (target !== document.body) noted.focused = true;
  });
};

/** The document that a page shows, as it was served. */
export interface ServedDocument {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Listens to a page from its first byte: what it complains of, and whom it asks. */
export class Watch {
  readonly #origin: string;
  readonly #problems: string[] = [];
  readonly #expected: RegExp[] = [];
  #document: Promise<ServedDocument | null> = Promise.resolve(null);
  readonly #ready: Promise<void>;

  constructor(page: Page, origin: string) {
    this.#origin = origin;
    this.#ready = page.addInitScript(begin).then(() => undefined);
    page.on('console', (message) => this.#hear(message));
    page.on('pageerror', (error) => this.#problems.push(`a script threw: ${error.message}`));
    page.on('request', (request) => this.#ask(request.url()));
    page.on('websocket', (socket) => this.#ask(socket.url().replace(/^ws/, 'http')));
    page.on('response', (response) => {
      if (response.request().isNavigationRequest() && response.frame() === page.mainFrame())
        this.#document = this.#read(response);
    });
  }

  /** Resolves once everything of the next document will be heard. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /** Lets messages pass. */
  expect(message: RegExp): void {
    this.#expected.push(message);
  }

  /** The document that was served last. */
  get document(): Promise<ServedDocument | null> {
    return this.#document;
  }

  /** What was heard since it was asked last. */
  heard(): string[] {
    return this.#problems.splice(0).filter((problem) => !this.#expected.some((one) => one.test(problem)));
  }

  // Violations of the Content-Security-Policy come as errors of the console, also where no script runs.
  #hear(message: ConsoleMessage): void {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const { url } = message.location();
    // That the answer to a form is a refusal, and so has the status of one, is no fault of the page that says so.
    void this.#document.then((document) => {
      const isItself = document?.url === url && /^Failed to load resource: .* status of 4\d\d/.test(message.text());
      if (!isItself) this.#problems.push(`the console says (${url}): ${message.text()}`);
    });
  }

  #ask(url: string): void {
    if (/^(data|blob|about):/.test(url) || new URL(url).origin === this.#origin) return;
    this.#problems.push(`it asks somebody else: ${url}`);
  }

  async #read(response: Response): Promise<ServedDocument | null> {
    if (response.status() >= 300 && response.status() < 400) return null;
    const [headers, body] = await Promise.all([response.allHeaders(), response.text().catch(() => '')]);
    return { url: response.url(), status: response.status(), headers, body };
  }
}
