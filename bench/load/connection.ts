import { Client } from 'undici';

/** An answer as the client sees it. `status` is 0 when there was none. Times are ms of the load generator's clock. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: servers of different make answer here.
  readonly body: any;
  readonly startMs: number;
  readonly endMs: number;
  /** Whether it was sent at all: what was not cannot have happened. */
  readonly sent: boolean;
}

export interface Ask {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
  readonly key?: string;
}

/** How long an answer may take. */
const answerWithinMs = 30_000;

/** One keep-alive connection to a server, one request at a time. */
export class Connection {
  readonly #client: Client;

  constructor(url: string) {
    this.#client = new Client(url, {
      pipelining: 1,
      headersTimeout: answerWithinMs,
      bodyTimeout: answerWithinMs,
      keepAliveTimeout: 120_000,
    });
  }

  /** Sends a request and waits for the whole answer. Never rejects. */
  ask({ method, path, token, body, key }: Ask): Promise<Answer> {
    const headers: Record<string, string> = {};
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (key !== undefined) headers['idempotency-key'] = key;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const startMs = performance.now();
    return new Promise((resolve) => {
      let status = 0;
      let sent = false;
      let text = '';
      const end = (answered: number) =>
        resolve({ status: answered, body: parsed(text), startMs, endMs: performance.now(), sent });
      this.#client.dispatch(
        { method, path, headers, body: body === undefined ? null : JSON.stringify(body) },
        {
          onRequestStart: () => {
            sent = true;
          },
          onResponseStart: (_, statusCode) => {
            status = statusCode;
          },
          onResponseData: (_, chunk) => {
            text += chunk.toString();
          },
          onResponseEnd: () => end(status),
          onResponseError: () => end(0),
        },
      );
    });
  }

  /** Closes the connection at once. */
  close(): Promise<void> {
    return this.#client.destroy();
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
