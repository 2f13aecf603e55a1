import { hasEnded } from '../../../src/domain/doctor-day/status.ts';
import { percentFor } from '../../../src/domain/payments/refund-policy.ts';
import type { PaymentWorld } from './world.ts';

interface Row {
  readonly id: string;
  readonly gateway_payment_id: string;
  readonly appointment_id: string;
  readonly amount_minor: number;
  readonly refunded_minor: number;
  readonly state: string;
  readonly due_at_ms: number | null;
}

/** Says which promise of payments a world breaks; `null` when it breaks none. Some hold always, some once all is quiet. */
export const brokenPromise = (world: PaymentWorld, isQuiet: boolean): string | null => {
  const { d1, gateway, day, name } = world;
  const doctor = `u_${name}`;
  const rows = d1.rows<Row>('SELECT * FROM payments WHERE doctor_id = ?', doctor);
  const balance = (paymentId: string, account: string): number =>
    d1.rows<{ sum: number }>(
      `SELECT coalesce(sum(p.amount_minor), 0) AS sum FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id
       WHERE e.payment_id = ? AND p.account = ?`,
      paymentId,
      account,
    )[0]?.sum ?? 0;
  const givenBack = (id: string): number =>
    [...gateway.refunds.values()]
      .filter((refund) => refund.paymentId === id && refund.status === 'processed')
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0);

  const unbalanced = d1.rows(
    `SELECT e.id FROM ledger_entries e JOIN ledger_postings p ON p.entry_id = e.id WHERE e.doctor_id = ?
     GROUP BY e.id, p.currency HAVING sum(p.amount_minor) <> 0`,
    doctor,
  );
  if (unbalanced.length > 0) return 'PY1: an entry of the ledger does not balance';

  const keptFor = new Map<string, string>();
  for (const row of rows) {
    if (!gateway.payments.has(row.gateway_payment_id)) return 'PY4: there is money that nobody paid';
    if (row.refunded_minor > row.amount_minor) return 'PY3: more is given back than was paid';
    if (givenBack(row.gateway_payment_id) > row.amount_minor) return 'PY3: the gateway gave back more than was paid';
    if (row.state !== 'kept' && row.state !== 'concluded') continue;
    if (keptFor.has(row.appointment_id)) return 'PY5: two payments are kept for one appointment';
    keptFor.set(row.appointment_id, row.id);
    const shown = day.state.appointments.get(row.appointment_id)?.payment?.id;
    if (shown !== row.id) return 'PY5: a payment is kept that the appointment does not have';
  }
  const numbers = d1.rows<{ n: number; most: number; least: number }>(
    `SELECT count(*) AS n, max(number) AS most, min(number) AS least FROM payment_documents WHERE issuer_id = ? GROUP BY kind`,
    `c_${name}`,
  );
  if (numbers.some(({ n, most, least }) => n !== most || least !== 1)) return 'PY9: there is a gap in the numbers';
  if (!isQuiet) return null;

  const captured = rows.map(({ gateway_payment_id }) => gateway_payment_id).sort();
  const expected = [...gateway.payments.keys()].sort();
  if (JSON.stringify(captured) !== JSON.stringify(expected)) return 'PY6: money came that is not written down';
  for (const row of rows) {
    const paid = row.gateway_payment_id;
    if (row.state === 'captured') return 'PY6: nobody knows what a payment is for';
    const [clearing, prepaid, revenue, payable] = [
      balance(row.id, 'gateway_clearing'),
      balance(row.id, 'patient_prepaid'),
      balance(row.id, 'clinic_revenue'),
      balance(row.id, 'refunds_payable'),
    ];
    if (clearing !== row.amount_minor - givenBack(paid)) return 'PY2: the ledger and the gateway disagree';
    if (payable !== 0) return 'PY6: a refund is owed for ever';
    if (givenBack(paid) !== row.refunded_minor) return 'PY2: what is given back is not what should be';
    if (row.state === 'returned' && row.refunded_minor !== row.amount_minor)
      return 'PY2: money for nothing is not given back';
    if (row.state !== 'kept' && prepaid !== 0) return 'PY2: money of what is over is still held';
    if (-revenue !== (row.state === 'concluded' ? row.amount_minor - row.refunded_minor : 0))
      return 'PY2: what was earned is not what was paid and not given back';
    const why = unfair(world, row);
    if (why !== null) return why;
  }
  const waiting = d1.rows(
    `SELECT r.id FROM payment_refunds r JOIN payments p ON p.id = r.payment_id
     WHERE p.doctor_id = ? AND r.state IN ('owed', 'sent')`,
    doctor,
  );
  if (waiting.length > 0) return 'PY6: a refund was never made';
  for (const [id, appointment] of day.state.appointments) {
    const payment = appointment.payment ?? null;
    if (payment !== null && keptFor.get(id) !== payment.id) return 'PY5: an appointment has a payment that is not kept';
  }
  return null;
};

/** Whether the patient of a kept payment got what the policy said when they cancelled, by a reckoning of its own. */
const unfair = (world: PaymentWorld, row: Row): string | null => {
  const { d1, day, gateway } = world;
  const appointment = day.state.appointments.get(row.appointment_id);
  if (appointment === undefined || (row.state !== 'kept' && row.state !== 'concluded')) return null;
  if (hasEnded(appointment.status) !== (row.state === 'concluded')) return 'PY7: an end was missed, or made up';
  if (row.state === 'kept') return null;
  const last = day.events.findLast((event) => 'appointment' in event && event.appointment.id === row.appointment_id);
  const isPatients = appointment.status === 'cancelled' && last?.actor?.role === 'patient';
  const isVisit = ['completed', 'no_show'].includes(appointment.status);
  const { startsAtMs, updatedAtMs } = appointment;
  const percent = isVisit ? 0 : isPatients ? percentFor(world.stepsAt(updatedAtMs), startsAtMs, updatedAtMs) : 100;
  const due = Math.floor((row.amount_minor * percent) / 100);
  if (row.refunded_minor < due) return 'PY7: less is given back than is due';
  const manual = d1.rows<{ sum: number }>(
    `SELECT coalesce(sum(amount_minor), 0) AS sum FROM payment_refunds WHERE payment_id = ? AND cause LIKE 'manual:%'`,
    row.id,
  );
  const atGateway = [...gateway.refunds.values()]
    .filter(({ paymentId, key }) => paymentId === row.gateway_payment_id && key === null)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const most = due + (manual[0]?.sum ?? 0) + atGateway;
  return row.refunded_minor > most ? 'PY7: more is given back than anybody decided' : null;
};
