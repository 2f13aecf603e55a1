import type { Patient, Slot } from '../load/task.ts';
import { accountNamed, practiceStatements } from '../server/practice.ts';
import type { RunSecrets } from '../server/secrets.ts';
import type { WorkerServer } from '../server/worker-server.ts';

/** Few seats for many patients, so that they stand in each other's way. */
const patientCount = 24;
const doctors = [
  { doctorId: accountNamed('drill doctor 1'), slots: 8, capacity: 1 },
  { doctorId: accountNamed('drill doctor 2'), slots: 8, capacity: 3 },
];
const daysAhead = [3, 4];
const dayMs = 86_400_000;

/** Writes the doctors of the drill into D1. */
export const writeDoctors = async (server: WorkerServer): Promise<void> => {
  await server.query(...practiceStatements(doctors));
};

/** The slots of the drill, read through the API, and its patients. */
export const openClinic = async (url: string, secrets: RunSecrets): Promise<{ slots: Slot[]; patients: Patient[] }> => {
  const slots: Slot[] = [];
  for (const { doctorId } of doctors) {
    for (const ahead of daysAhead) {
      const date = new Date(Date.now() + ahead * dayMs).toISOString().slice(0, 10);
      const response = await fetch(`${url}/api/v1/doctors/${doctorId}/slots?date=${date}`);
      if (!response.ok) throw new Error(`slots: ${response.status}`);
      slots.push(...((await response.json()) as { slots: Slot[] }).slots);
    }
  }
  const patients = await Promise.all(
    Array.from({ length: patientCount }, async (_, i) => {
      const id = accountNamed(`drill patient ${i}`);
      return { id, token: await secrets.token(id, 'patient') };
    }),
  );
  return { slots, patients };
};
