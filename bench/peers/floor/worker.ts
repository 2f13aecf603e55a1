// The floor: the least that a Worker and a Durable Object can do for a request that must survive. No accounts, no
// rules, no answers kept, nothing checked: one RPC, one INSERT, one commit. What Daybook does more is measured by it.
import { DurableObject } from 'cloudflare:workers';

interface Bindings {
  readonly DAY: DurableObjectNamespace<Day>;
}

export class Day extends DurableObject<Bindings> {
  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS bookings (id TEXT PRIMARY KEY, slot TEXT, at_ms INTEGER)');
  }

  book(id: string, slot: string): string {
    this.ctx.storage.sql.exec('INSERT INTO bookings (id, slot, at_ms) VALUES (?, ?, ?)', id, slot, Date.now());
    return id;
  }
}

export default {
  async fetch(request, env): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/burst/')) {
      const [, , day = '', count] = pathname.split('/');
      const object = env.DAY.getByName(day);
      const ids = Array.from({ length: Number(count) }, () => crypto.randomUUID());
      await Promise.all(ids.map((id) => object.book(id, day)));
      return Response.json({ held: ids.length });
    }
    if (request.method === 'GET') return Response.json({ status: 'ok' });
    const [, , , , id] = pathname.split('/');
    if (id !== undefined) {
      // Giving a seat back is one more INSERT.
      const [day = ''] = id.split('|');
      await env.DAY.getByName(day).book(crypto.randomUUID(), id);
      return Response.json({ id });
    }
    const { slotId } = await request.json<{ slotId: string }>();
    const [day = ''] = slotId.split('|');
    const booked = await env.DAY.getByName(day).book(`${day}|${crypto.randomUUID()}`, slotId);
    return Response.json({ id: booked }, { status: 201 });
  },
} satisfies ExportedHandler<Bindings>;
