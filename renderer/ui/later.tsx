import { type ComponentType, type ReactElement, useEffect, useState } from 'react';
import { create } from 'zustand';

// The first list comes sooner without the code of what nobody sees in it. That follows as soon as the list stands.

const parts: (() => Promise<unknown>)[] = [];
let asked = false;

/** Whether the first screen stands and the code of all other parts is here. */
export const useSettled = create<boolean>()(() => false);

/** The first screen stands: now the rest is fetched, so that no first click waits for it. */
export async function settle(): Promise<void> {
  if (asked) return;
  asked = true;
  // One that cannot be had is asked for again where it is shown.
  for (const part of parts) await part().catch(() => undefined);
  useSettled.setState(true, true);
}

/**
 * A part of the window whose code is no part of the first screen's. Fetched when it is shown, or by `settle`; once it is
 * here, it is rendered without a gap. `Meanwhile` stands in its place until then.
 */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, Meanwhile?: ComponentType<P>): ComponentType<P> {
  let here: ComponentType<P> | null = null;
  const fetchPart = async (): Promise<void> => {
    const [{ AntdScope }, Part] = await Promise.all([import('../theme/antd-scope.tsx'), load()]);
    here ??= (props) => (
      <AntdScope>
        <Part {...props} />
      </AntdScope>
    );
  };
  parts.push(fetchPart);
  return function Later(props: P): ReactElement | null {
    const [, renderAgain] = useState(here !== null);
    useEffect(() => {
      if (here === null) void fetchPart().then(() => renderAgain(true));
    }, []);
    const Shown = here ?? Meanwhile;
    return Shown === undefined ? null : <Shown {...props} />;
  };
}
