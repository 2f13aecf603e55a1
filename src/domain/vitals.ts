/** What a value may be in a unit: beyond it is no measurement of a living person but a slip of the pen. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/**
 * What is measured, with the units (UCUM codes) that each may be given in and the bounds in them. Wider than any norm:
 * they are there to catch wrong units and misplaced points, not to judge.
 */
export const measurements = {
  systolic: { 'mm[Hg]': { min: 40, max: 300 } },
  diastolic: { 'mm[Hg]': { min: 10, max: 200 } },
  pulse: { '/min': { min: 20, max: 300 } },
  temperature: { Cel: { min: 25, max: 45 }, '[degF]': { min: 77, max: 113 } },
  spO2: { '%': { min: 40, max: 100 } },
  weight: { kg: { min: 0.2, max: 650 }, '[lb_av]': { min: 0.5, max: 1_430 } },
  height: { cm: { min: 20, max: 275 }, '[in_i]': { min: 8, max: 108 } },
  glucose: { 'mmol/L': { min: 0.5, max: 60 }, 'mg/dL': { min: 9, max: 1_080 } },
} as const satisfies Record<string, Readonly<Record<string, Bounds>>>;

export type Measurement = keyof typeof measurements;

/** The units that a measurement may be given in. */
export const unitsOf = (measurement: Measurement): [string, ...string[]] =>
  Object.keys(measurements[measurement]) as [string, ...string[]];

/** Why a value cannot be in a unit; `null` when it can. */
export const valueFault = (measurement: Measurement, value: number, unit: string): string | null => {
  const bounds: Bounds | undefined = (measurements[measurement] as Readonly<Record<string, Bounds>>)[unit];
  if (bounds === undefined) return null;
  const { min, max } = bounds;
  return value >= min && value <= max ? null : `must be from ${min} to ${max} ${unit}`;
};

/** The form of an ICD-10 code (WHO, 2019 version, and its clinical modifications); whether there is such a code is not asked. */
export const icd10Pattern = /^[A-TV-Z][0-9][0-9AB](\.[0-9A-TV-Z]{1,4})?$/;
