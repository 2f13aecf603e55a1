/** Longer than a name and an address are. */
const maxLength = 1_000;

const address = /^[^\s"(),:;<>@[\]\\]+@[^\s"(),:;<>@[\]\\]+$/;
const named = /^[^<>@]*<([^<>]+)>$/;

/**
 * The address in the From of a mail, as it stands there; `null` unless it is one mailbox beyond doubt. Who checked the
 * mail for us may read a From with two addresses by the one and a parser by the other, so whatever could be read in two
 * ways is refused: lists, groups, comments, more than one `<…>`, quoted local parts (RFC 5322 section 3.4), and names
 * that are another address.
 *
 * @param from the header's value, unfolded, not decoded
 * @param name the name before the address, decoded
 */
export const onlySender = (from: string, name: string): string | null => {
  if (from.length > maxLength) return null;
  const bare = from.trim();
  if (address.test(bare)) return bare;
  const unquoted = bare.replaceAll(/"(?:[^"\\]|\\.)*"/g, ' ');
  if (/[(),:;"[\]\\]/.test(unquoted)) return null;
  const [, found = ''] = named.exec(unquoted) ?? [];
  if (!address.test(found)) return null;
  return /[@<>]/.test(name) && name.trim().toLowerCase() !== found.toLowerCase() ? null : found;
};
