const minuteMs = 60_000;
const dayMs = 86_400_000;

/** How long after an order was made the gateway is asked about it. Banks confirm payments up to five days late. */
const after = [
  5 * minuteMs,
  15 * minuteMs,
  60 * minuteMs,
  6 * 60 * minuteMs,
  ...[1, 2, 3, 4, 5, 6, 7].map((days) => days * dayMs),
];

/** When the gateway is asked next what was paid on an order, ms; `null` once nothing can come of it any more. */
export const nextAskMs = (createdAtMs: number, nowMs: number): number | null => {
  const next = after.map((ms) => createdAtMs + ms).find((ms) => ms > nowMs);
  return next ?? null;
};
