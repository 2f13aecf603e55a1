interface Prescribed {
  readonly drug: string;
  readonly form: string | null;
  readonly strength: string | null;
  readonly dose: string;
  readonly frequency: string;
  readonly duration: string | null;
  readonly notes: string | null;
}

/** A medicine in one line, and under it what the doctor says of it to the patient. */
export const Medicine = ({
  of: { drug, form, strength, dose, frequency, duration, notes },
}: {
  readonly of: Prescribed;
}) => (
  <>
    {[drug, form, strength, dose, frequency, duration].filter((part) => part !== null).join(', ')}
    {notes === null ? null : <p class="lines soft">{notes}</p>}
  </>
);
