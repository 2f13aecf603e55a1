import { DurableObject } from 'cloudflare:workers';
export class DoctorDay extends DurableObject {
  ping() {
    return this.ctx.id.name ?? 'none';
  }
}
export default { fetch: () => new Response('hi'), queue() {}, scheduled() {} };
