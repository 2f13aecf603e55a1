/** What a route answered that can answer in other forms as well: pages ask for none of these. */
export const inJson = <T>(value: T): Exclude<T, string | Blob | Response> =>
  value as Exclude<T, string | Blob | Response>;
