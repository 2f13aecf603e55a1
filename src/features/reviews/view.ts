import type { z } from '@hono/zod-openapi';
import { canEdit, shownName } from '../../domain/review.ts';
import type { ReviewRow } from './queries.ts';
import type { moderatedReviewSchema, ownReviewSchema, reviewSchema } from './schema.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** A review as everybody sees it. */
export const reviewView = (row: ReviewRow): z.input<typeof reviewSchema> => ({
  id: row.id,
  stars: row.stars,
  text: row.text,
  author: row.showsName && row.authorName !== null ? shownName(row.authorName) : 'Patient',
  visitedIn: row.visitedOn.slice(0, 'YYYY-MM'.length),
  edited: row.editedAtMs !== null,
  reply: row.reply,
});

/** A review as its author sees it. */
export const ownView = (row: ReviewRow, nowMs: number): z.input<typeof ownReviewSchema> => ({
  ...reviewView(row),
  appointmentId: row.appointmentId,
  doctorId: row.doctorId,
  showName: row.showsName,
  createdAt: iso(row.createdAtMs),
  canEdit: canEdit(row, nowMs),
  hiddenReason: row.hiddenReason,
  withdrawn: row.withdrawnAtMs !== null,
});

/** A review as those see it who decide whether it is shown. */
export const moderatedView = (row: ReviewRow): z.input<typeof moderatedReviewSchema> => ({
  ...reviewView(row),
  doctorId: row.doctorId,
  createdAt: iso(row.createdAtMs),
  hiddenAt: row.hiddenAtMs === null ? null : iso(row.hiddenAtMs),
  hiddenReason: row.hiddenReason,
});
