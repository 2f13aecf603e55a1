import { createServer, type Server } from 'node:http';
import type { TestProject } from 'vitest/node';

/** What a calendar's server answers; the last step is repeated. */
export interface IcsStep {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `never` answers nothing, `hangup` ends the connection, `endless` goes on and on. */
  readonly how?: 'never' | 'hangup' | 'endless';
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the calendar server of this run listens. */
    icsUrl: string;
  }
}

interface Calendar {
  steps: readonly IcsStep[];
  asked: Record<string, string>[];
}

/**
 * A server of calendars that does as it is told: `PUT /<name>` with a list of {@link IcsStep} sets what it answers from
 * then on, `GET /<name>` answers it (304 to who has the step's ETag), `GET /<name>?asked` gives the headers that came.
 */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const calendars = new Map<string, Calendar>();
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const calendar = calendars.get(url.pathname) ?? { steps: [], asked: [] };
    calendars.set(url.pathname, calendar);
    if (request.method === 'PUT') {
      let body = '';
      for await (const chunk of request) body += chunk;
      calendar.steps = JSON.parse(body);
      calendar.asked = [];
      return void response.end();
    }
    if (url.searchParams.has('asked')) return void response.end(JSON.stringify(calendar.asked));
    const step = calendar.steps[Math.min(calendar.asked.length, calendar.steps.length - 1)] ?? { status: 404 };
    calendar.asked.push(request.headers as Record<string, string>);
    if (step.how === 'never') return;
    if (step.how === 'hangup') return void request.socket.destroy();
    const headers = { 'content-type': 'text/calendar', ...step.headers };
    const known = step.headers?.etag !== undefined && request.headers['if-none-match'] === step.headers.etag;
    response.writeHead(known ? 304 : (step.status ?? 200), headers);
    if (step.how !== 'endless') return void response.end(known ? undefined : step.body);
    const more = () => void (response.destroyed || response.write('X'.repeat(65_536), () => setImmediate(more)));
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  project.provide('icsUrl', `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
};
