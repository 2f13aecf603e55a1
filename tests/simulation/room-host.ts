import { ResourceKeeper } from '../../durable-objects/resource-keeper.ts';
import type { ResourcePorts } from '../../durable-objects/resource-ports.ts';
import type { DayKey } from '../../src/domain/ids.ts';
import type { ClinicResource } from '../../src/domain/resources.ts';
import type { Faults } from './faults.ts';
import { Machine } from './machine.ts';
import type { Scheduler } from './scheduler.ts';
import type { Caller } from './wire.ts';

/** What the object of a clinic's rooms gets from the world around it. */
export interface RoomSurroundings {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  resources(caller: Caller, clinicId: string): Promise<readonly ClinicResource[]>;
  standing(caller: Caller, day: DayKey, reservationId: string): ReturnType<ResourcePorts['standing']>;
  report(what: string, clinicId: string, error: unknown): void;
}

/** The object of a clinic's rooms and devices. */
export class RoomHost extends Machine<ResourceKeeper> {
  readonly clinicId: string;
  readonly #world: RoomSurroundings;

  constructor(clinicId: string, world: RoomSurroundings) {
    super(world.scheduler, world.faults);
    this.clinicId = clinicId;
    this.#world = world;
  }

  protected build(caller: Caller): ResourceKeeper {
    const report = (what: string, error: unknown) => this.#world.report(what, this.clinicId, error);
    return new ResourceKeeper(
      this.storage.whileAlive(() => caller.isAlive()),
      {
        resources: () => this.#world.resources(caller, this.clinicId),
        standing: (day, id) => this.#world.standing(caller, day, id),
        now: () => this.#world.scheduler.nowMs(),
        background: (work) => void work.catch((error: unknown) => report('background_failed', error)),
        withTimeout: (work) => this.withTimeout(caller, work),
        report,
      },
    );
  }
}
