import { Fragment, type ReactElement } from 'react';

export interface MarkedProps {
  readonly text: string;
  /** [start, end) of what is marked, ascending. */
  readonly ranges: readonly (readonly [number, number])[] | undefined;
}

/** Text with the places where the words of a search stand. */
export function Marked({ text, ranges }: MarkedProps): ReactElement {
  if (ranges === undefined || ranges.length === 0) return <>{text}</>;
  let at = 0;
  const parts = ranges.map(([from, to]) => {
    const before = text.slice(at, from);
    at = to;
    return (
      <Fragment key={from}>
        {before}
        <mark>{text.slice(from, to)}</mark>
      </Fragment>
    );
  });
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  );
}
