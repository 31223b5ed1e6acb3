import { type ReactElement, useState } from 'react';
import { later, useSettled } from './later.tsx';
import type { MenuUnderProps } from './menu-under.tsx';

const MenuUnder = later<MenuUnderProps>(() => import('./menu-under.tsx').then((m) => m.MenuUnder), Button);

/** The button works before its menu is here: a click then opens the menu as soon as it is. */
function Button({ children, onOpen }: MenuUnderProps): ReactElement {
  return (
    <span className="early" onClick={() => onOpen(true)}>
      {children}
    </span>
  );
}

/** A menu that opens under a button of the first screen. */
export function Drop(props: Omit<MenuUnderProps, 'open' | 'onOpen'>): ReactElement {
  const [open, setOpen] = useState(false);
  const settled = useSettled();
  const Shown = settled || open ? MenuUnder : Button;
  return <Shown {...props} open={open} onOpen={setOpen} />;
}
