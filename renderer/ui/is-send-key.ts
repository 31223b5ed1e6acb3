import type { KeyboardEvent } from 'react';

/** Ctrl or ⌘ with Enter, which sends a form; not while an input method composes. */
export const isSendKey = (event: KeyboardEvent): boolean =>
  event.code === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing;
