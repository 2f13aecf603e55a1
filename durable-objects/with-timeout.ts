/** How long one call to D1 or to another object may take, ms. */
const effectTimeoutMs = 10_000;

/** Rejects when the work takes longer than an outside effect may; the work itself goes on. */
export const withTimeout = async <T>(work: Promise<T>): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('an outside effect took too long')), effectTimeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};
