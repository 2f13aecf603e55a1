import { inject } from 'vitest';
import type { Answer, Asked } from './providers.ts';

/** A provider under a name of its own, so that no test sees another's requests. */
export const provider = () => {
  const name = `p${crypto.randomUUID().slice(0, 8)}`;
  const desk = `${inject('providersDesk')}/${name}`;
  return {
    /** Where it is asked. */
    url: `${inject('providers')}/${name}`,
    /** Lays down its answers, in order; the last one stays. */
    answers: async (...answers: readonly (Answer | number)[]): Promise<void> => {
      const laidDown = answers.map((answer) => (typeof answer === 'number' ? { status: answer } : answer));
      await (await fetch(desk, { method: 'PUT', body: JSON.stringify(laidDown) })).arrayBuffer();
    },
    /** What it was asked, with bodies as they came. */
    asked: async (): Promise<
      (Omit<Asked, 'body'> & { readonly bytes: Uint8Array<ArrayBuffer>; readonly text: string })[]
    > => {
      const all = (await (await fetch(desk)).json()) as Asked[];
      return all.map(({ body, ...asked }) => {
        const bytes = Uint8Array.from(atob(body), (c) => c.charCodeAt(0));
        return { ...asked, bytes, text: new TextDecoder().decode(bytes) };
      });
    },
  };
};
