import { type ReactElement, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../hooks/use-query.ts';
import { setTopPopup } from '../../stores/top-popup.ts';
import { later } from '../../ui/later.tsx';

const PopupCard = later(() => import('./popup-card.tsx').then((m) => m.PopupCard));

/** Bottom right, above the composer: the newest reminder as a card, the others as its back edges and a count. */
export function PopupStack(): ReactElement | null {
  const { t } = useTranslation();
  const popups = useQuery('reminders.popups', {}).value ?? [];
  const top = popups.at(-1);
  const box = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(0);

  useEffect(() => {
    setTopPopup(top?.id ?? null);
    return () => setTopPopup(null);
  }, [top?.id]);

  useLayoutEffect(() => {
    const el = box.current;
    if (el === null) return setHeight(0);
    const watch = new ResizeObserver(() => setHeight(el.offsetHeight));
    watch.observe(el);
    return () => watch.disconnect();
  }, [top === undefined]);

  useLayoutEffect(() => {
    // The history can be scrolled free of the card by this much.
    document.documentElement.style.setProperty('--h-popup', height === 0 ? '0px' : `${height + 16}px`);
  }, [height]);

  if (top === undefined) return null;
  const behind = popups.length - 1;
  return (
    <div
      ref={box}
      className={`popups${behind > 0 ? ' one' : ''}${behind > 1 ? ' two' : ''}`}
      role="region"
      aria-label={t('popup.region')}
      data-popup=""
    >
      <PopupCard key={top.id} popup={top} behind={behind} />
    </div>
  );
}
