import { DurableObject } from 'cloudflare:workers';
import type { DayKey } from '../src/domain/ids.ts';
import type { ClinicResource } from '../src/domain/resources.ts';
import { invariant } from '../src/domain/result.ts';
import { ResourceKeeper } from './resource-keeper.ts';
import type { ReserveRequest, ResourcePorts } from './resource-ports.ts';
import { withTimeout } from './with-timeout.ts';

/** What the composition root hands to every clinic's rooms. */
export interface ClinicResourcesSettings {
  resources(clinicId: string): Promise<readonly ClinicResource[]>;
  standing: ResourcePorts['standing'];
  report(what: string, clinicId: string, error: unknown): void;
}

/** The Durable Object of one clinic's rooms and devices: RPC and alarm, nothing else; see {@link ResourceKeeper}. */
export class ClinicResourcesObject<E> extends DurableObject<E> {
  /** The way to the doctor-days. A property, so that it is no RPC method. */
  standing: ResourcePorts['standing'] = (_day: DayKey) => Promise.reject(new Error('not started'));
  #keeper: ResourceKeeper | null = null;

  /** Builds the keeper on what the composition root hands over, and loads it before any request is delivered. */
  protected start(settings: ClinicResourcesSettings): void {
    const clinicId = this.ctx.id.name;
    if (clinicId === undefined) return;
    this.standing = settings.standing;
    const keeper = new ResourceKeeper(this.ctx.storage, {
      resources: () => settings.resources(clinicId),
      standing: (day, reservationId) => this.standing(day, reservationId),
      now: () => Date.now(),
      background: (work) => this.ctx.waitUntil(work),
      withTimeout,
      report: (what, error) => settings.report(what, clinicId, error),
    });
    this.#keeper = keeper;
    void this.ctx.blockConcurrencyWhile(() => keeper.load());
  }

  reserve(request: ReserveRequest): ReturnType<ResourceKeeper['reserve']> {
    return this.#clinic().reserve(request);
  }

  lacking(...request: Parameters<ResourceKeeper['lacking']>): ReturnType<ResourceKeeper['lacking']> {
    return this.#clinic().lacking(...request);
  }

  release(reservationId: string): void {
    this.#clinic().release(reservationId);
  }

  changed(): void {
    this.#clinic().changed();
  }

  override async alarm(): Promise<void> {
    await this.#keeper?.onAlarm();
  }

  #clinic(): ResourceKeeper {
    invariant(this.#keeper !== null, 'the object is named after a clinic');
    return this.#keeper;
  }
}
