/** A doctor's picture beside the name, or the letters that the name begins with. Says nothing that the name does not. */
export const Portrait = ({
  of,
  large = false,
}: {
  readonly of: { readonly fullName: string; readonly picture: string | null };
  readonly large?: boolean;
}) => {
  const size = large ? 112 : 64;
  const kind = large ? 'likeness large' : 'likeness';
  if (of.picture !== null)
    return <img class={kind} src={of.picture} alt="" width={size} height={size} loading={large ? 'eager' : 'lazy'} />;
  return (
    <span class={kind} aria-hidden="true">
      {initialsOf(of.fullName)}
    </span>
  );
};

/** The first letters of the last two words, as readers of any script count letters; titles are no names. */
const initialsOf = (fullName: string): string => {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  const words = fullName.split(/\s+/).filter((word) => word !== '' && !/^(dr|prof|ডা|অধ্যাপক)[.:]?$/i.test(word));
  return words
    .slice(-2)
    .map((word) => [...segmenter.segment(word)][0]?.segment ?? '')
    .join('');
};
