import type { z } from '@hono/zod-openapi';
import type { noteVersions } from '../../db/schema.ts';
import type { Place } from '../../sealing/sealed-text.ts';
import type { Sealing } from '../../sealing/sealing.ts';
import type { noteVersionSchema } from './entry-schema.ts';

export type NoteVersionRow = typeof noteVersions.$inferSelect;

/** What one version of a visit note says. */
export interface NoteWords {
  readonly text: string;
  readonly diagnoses: readonly { readonly code: string | null; readonly text: string }[];
}

/** Where the words of one version stand: each has a place of its own, so that no version passes for another. */
export const versionPlace = (recordId: string, version: number, column: 'content' | 'reason'): Place => ({
  table: 'note_versions',
  row: `${recordId}/${version}`,
  column,
});

/** A version of a visit note as the API shows it; without its words once the patient was erased. */
export const versionView = async (
  { openFor }: Sealing,
  { recordId, version, patientId, content, reason, writtenAtMs }: NoteVersionRow,
): Promise<z.input<typeof noteVersionSchema>> => {
  const text = await openFor(patientId, versionPlace(recordId, version, 'content'), content);
  const words: NoteWords | null = text === null ? null : JSON.parse(text);
  return {
    version,
    text: words?.text ?? null,
    diagnoses: [...(words?.diagnoses ?? [])],
    reason: await openFor(patientId, versionPlace(recordId, version, 'reason'), reason),
    writtenAt: new Date(writtenAtMs).toISOString(),
  };
};
