/** The secret of a link that was mailed: what stands behind its `#`, or the whole text when only that was given. */
export const behindHash = (text: string): string => text.slice(text.indexOf('#') + 1);
