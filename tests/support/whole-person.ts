import { env } from 'cloudflare:workers';
import { type Actor, actor, eventually, type practice } from './clinic.ts';
import { type Person, register } from './people.ts';

let serial = 0;

/** A patient each of whose strings occurs nowhere else. */
export const uniquePatient = async () => {
  serial += 1;
  const mark = `q${serial}${crypto.randomUUID().replaceAll('-', '').slice(0, 10)}`;
  const strings = {
    fullName: `Zubaida ${mark}name`,
    email: `${mark}mail@example.com`,
    phone: `+88017${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`,
    reason: `${mark} reason for coming`,
    symptoms: `${mark} symptoms in words`,
    statusReason: `${mark} why it was cancelled`,
  };
  const { fullName, email, phone } = strings;
  const person: Person = await register({ fullName, email, phone, role: 'patient' });
  return { ...strings, mark, person, self: actor(person) };
};

export type UniquePatient = Awaited<ReturnType<typeof uniquePatient>>;

/** Gives a patient a past: one appointment that was cancelled with a reason, and some that are to come. */
export const withAppointments = async (
  one: UniquePatient,
  clinic: Awaited<ReturnType<typeof practice>>,
  toCome: number,
): Promise<{ readonly cancelled: string; readonly toCome: readonly string[]; readonly slots: readonly string[] }> => {
  const slots = (await clinic.slotsOn()).filter(({ remaining }) => remaining > 0).map(({ id }) => id);
  const books = async (slot: string): Promise<string> => {
    const { status, body } = await one.self.holds(slot, { reason: one.reason, symptoms: one.symptoms });
    if (status !== 201) throw new Error(`hold: ${status} ${JSON.stringify(body)}`);
    await one.self.confirms(body.id);
    return body.id;
  };
  const cancelled = await books(slots[0] as string);
  await one.self.cancels(cancelled, one.statusReason);
  const taken = slots.slice(1, toCome + 1);
  const ids: string[] = [];
  for (const slot of taken) ids.push(await books(slot));
  await inD1([cancelled, ...ids], one.self);
  return { cancelled, toCome: ids, slots: taken };
};

/** Waits until D1 has heard of appointments. */
const inD1 = (ids: readonly string[], of: Actor) =>
  eventually(
    () =>
      env.DB.prepare('select count(*) as n from appointments where patient_id = ? and version > 1')
        .bind(of.id)
        .first<number>('n'),
    (n) => (n ?? 0) >= ids.length,
  );

/** Erases somebody as they would: asks, and confirms. */
export const erases = async (by: Actor, id: string, password: string) => {
  const offer = await by.act('POST', `/users/${id}/erasure`, { password });
  if (offer.status !== 200) throw new Error(`erasure: ${offer.status} ${JSON.stringify(offer.body)}`);
  return by.act('DELETE', `/users/${id}`, { confirmation: offer.body.confirmation });
};
