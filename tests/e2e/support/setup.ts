import { afterEach } from 'vitest';
import { pictureOfFailure } from './pictures.ts';
import { closeWindows, openWindows } from './visits.ts';

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') {
    for (const [i, page] of openWindows().entries()) {
      const path = await pictureOfFailure(page, `${task.name} ${i + 1}`).catch(String);
      console.error(`${page.url()} looked like ${path}`);
    }
  }
  await closeWindows();
});
