import { Dropdown, type DropdownProps, type MenuProps } from 'antd';
import type { ReactElement } from 'react';

export interface MenuUnderProps {
  readonly menu: MenuProps;
  readonly placement?: NonNullable<DropdownProps['placement']>;
  /** The button. */
  readonly children: ReactElement;
  readonly open: boolean;
  onOpen(open: boolean): void;
}

/** antd's menu under a button. */
export function MenuUnder({ menu, placement, open, onOpen, children }: MenuUnderProps): ReactElement {
  return (
    <Dropdown trigger={['click']} placement={placement ?? 'bottomLeft'} menu={menu} open={open} onOpenChange={onOpen}>
      {children}
    </Dropdown>
  );
}
