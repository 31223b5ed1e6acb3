import { type ReactElement, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../hooks/use-query.ts';
import { phraseOpener } from '../../stores/phrase-opener.ts';
import { useView } from '../../stores/view-store.ts';
import { Icon } from '../../ui/icon.tsx';

export interface PhraseListProps {
  /** Where the chosen text goes in. */
  readonly areaRef: RefObject<HTMLTextAreaElement | null>;
  readonly value: string;
  onChange(value: string): void;
}

/** What is asked for between the slash and the caret; null: the caret stands behind no such slash. */
export function slashWord(text: string, caret: number): { readonly from: number; readonly words: string } | null {
  const found = /(^|[\s，。；！？、])\/([^\s/]{0,30})$/u.exec(text.slice(0, caret));
  return found === null ? null : { from: caret - found[2]!.length - 1, words: found[2]! };
}

/** 快捷回复: opened by a slash at the start of a word, by Ctrl ; or by its button; ↵ puts the text at the caret. */
export function PhraseList({ areaRef, value, onChange }: PhraseListProps): ReactElement | null {
  const { t } = useTranslation();
  const go = useView((s) => s.go);
  const [open, setOpen] = useState<{ readonly from: number; readonly to: number; readonly words: string; readonly asked: boolean } | null>(
    null,
  );
  const [at, setAt] = useState(0);
  const dismissed = useRef<number | null>(null);
  const caretAfter = useRef<number | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const found = useQuery('phrases.list', open === null ? null : { text: open.words });
  const phrases = open === null ? [] : (found.value ?? []);
  const active = Math.min(at, phrases.length - 1);

  const look = useCallback(() => {
    const el = areaRef.current;
    if (el === null || document.activeElement !== el) return;
    const slash = slashWord(el.value, el.selectionStart);
    if (slash === null) dismissed.current = null;
    setOpen((before) => {
      if (slash === null) return before?.asked === true && before.to === el.selectionStart ? before : null;
      if (dismissed.current === slash.from) return null;
      return { from: slash.from, to: el.selectionStart, words: slash.words, asked: false };
    });
    setAt(0);
  }, [areaRef]);
  useEffect(look, [value, look]);

  const insert = useCallback(
    (text: string) => {
      const el = areaRef.current;
      if (el === null || open === null) return;
      const next = `${el.value.slice(0, open.from)}${text}${el.value.slice(open.to)}`.slice(0, el.maxLength);
      caretAfter.current = Math.min(open.from + text.length, next.length);
      setOpen(null);
      onChange(next);
    },
    [areaRef, open, onChange],
  );
  useLayoutEffect(() => {
    if (caretAfter.current === null || areaRef.current === null) return;
    areaRef.current.focus();
    areaRef.current.setSelectionRange(caretAfter.current, caretAfter.current);
    caretAfter.current = null;
  }, [value, areaRef]);

  const ask = useCallback(() => {
    const el = areaRef.current;
    if (el === null) return;
    el.focus();
    dismissed.current = null;
    setOpen((before) => (before === null ? { from: el.selectionStart, to: el.selectionEnd, words: '', asked: true } : null));
    setAt(0);
  }, [areaRef]);
  useEffect(() => phraseOpener.offer(ask), [ask]);

  useEffect(() => {
    const el = areaRef.current;
    if (el === null) return undefined;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.isComposing) return;
      if (event.code === 'Semicolon' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        return ask();
      }
      if (open === null) return;
      const step = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
      if (step !== 0 && phrases.length > 0) {
        const next = (active + step + phrases.length) % phrases.length;
        setAt(next);
        list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
      } else if ((event.code === 'Enter' || event.code === 'Tab') && !event.ctrlKey && !event.metaKey && phrases[active] !== undefined)
        insert(phrases[active].text);
      else if (event.code === 'Escape') {
        dismissed.current = open.from;
        setOpen(null);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    };
    const onBlur = (): void => setOpen(null);
    el.addEventListener('keydown', onKeyDown);
    el.addEventListener('click', look);
    el.addEventListener('blur', onBlur);
    return () => {
      el.removeEventListener('keydown', onKeyDown);
      el.removeEventListener('click', look);
      el.removeEventListener('blur', onBlur);
    };
  }, [areaRef, open, phrases, active, insert, ask, look]);

  if (open === null) return null;
  return (
    <div className="phrases" data-testid="phrase-list" onMouseDown={(e) => e.preventDefault()}>
      <header className="t3 meta">
        <b>{t('phrase.title')}</b>
        {open.words !== '' && <span className="el">{open.words}</span>}
        <span className="grow" />
        <span>{t('phrase.hint')}</span>
        <button type="button" className="acc" onClick={() => go({ kind: 'settings', page: 'phrases' })}>
          {t('phrase.manage')}
        </button>
      </header>
      {phrases.length === 0 && found.fresh ? (
        <p className="t3">{t(open.words === '' ? 'phrase.empty' : 'phrase.none')}</p>
      ) : (
        <ul ref={list} role="listbox" aria-label={t('phrase.title')}>
          {phrases.map((p, i) => (
            <li
              key={p.id}
              role="option"
              aria-selected={i === active}
              className={i === active ? 'at' : ''}
              data-testid={`phrase-${p.id}`}
              onMouseMove={(e) => {
                // A list that moves under a mouse at rest also says so; only a hand chooses.
                if (e.movementX !== 0 || e.movementY !== 0) setAt(i);
              }}
              onClick={() => insert(p.text)}
            >
              <b className="el">{p.title}</b>
              {p.ownerId === null && <span className="tag">{t('phrase.shared')}</span>}
              <span className="t2 el grow">{p.text}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function PhraseButton(): ReactElement {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="btn sm icon"
      title={`${t('phrase.button')} / · Ctrl ;`}
      aria-label={t('phrase.button')}
      aria-keyshortcuts="Control+;"
      data-testid="phrase-open"
      onMouseDown={(e) => e.preventDefault()}
      onClick={() => phraseOpener.open()}
    >
      <Icon name="bolt" small />
    </button>
  );
}
