import { type KeyboardEvent, type ReactElement, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedSearch } from '../../hooks/use-list-view.ts';
import { upTo } from '../../format/up-to.ts';
import { useView } from '../../stores/view-store.ts';
import { Drop } from '../../ui/drop.tsx';
import { Icon } from '../../ui/icon.tsx';
import { later, useSettled } from '../../ui/later.tsx';
import { argsOf, useSearches } from './use-searches.ts';

const RenameDialog = later(() => import('./rename-dialog.tsx').then((m) => m.RenameDialog));

/** 常用搜索 in the nav: opened by a click, put in order by dragging or Alt ↑ ↓, the rest in a menu. */
export function SearchEntries(): ReactElement {
  const { t } = useTranslation();
  const { all, open, put, remove, move } = useSearches();
  const place = useView((s) => s.place);
  const [renaming, setRenaming] = useState<SavedSearch | null>(null);
  const settled = useSettled();
  const [dragged, setDragged] = useState<string | null>(null);
  const onKeyDown = (event: KeyboardEvent, search: SavedSearch, at: number): void => {
    if (event.code === 'Delete') void remove(search);
    else if (event.code === 'F2') setRenaming(search);
    else if (event.altKey && event.code === 'ArrowUp') void move(search, at - 1);
    else if (event.altKey && event.code === 'ArrowDown') void move(search, at + 1);
    else return;
    event.preventDefault();
  };
  const run = (key: string, search: SavedSearch, at: number): void => {
    if (key === 'rename') setRenaming(search);
    else if (key === 'up') void move(search, at - 1);
    else if (key === 'down') void move(search, at + 1);
    else void remove(search);
  };
  return (
    <section aria-labelledby="nav-searches">
      <h2 id="nav-searches">{t('searches.title')}</h2>
      {all.length === 0 && <p className="navhint t3 meta">{t('searches.none')}</p>}
      {all.map((search, at) => {
        const on = place.kind === 'list' && place.searchId === search.id;
        return (
          <div
            key={search.id}
            className={`nvwrap${dragged === search.id ? ' dragged' : ''}`}
            draggable
            onDragStart={(e) => {
              e.dataTransfer.effectAllowed = 'move';
              setDragged(search.id);
            }}
            onDragEnd={() => setDragged(null)}
            onDragOver={(e) => {
              if (dragged !== null && dragged !== search.id) e.preventDefault();
            }}
            onDrop={(e) => {
              e.preventDefault();
              const moved = all.find((s) => s.id === dragged);
              if (moved !== undefined && moved.id !== search.id) void move(moved, at);
            }}
          >
            <button
              type="button"
              className={on ? 'nv on' : 'nv'}
              aria-current={on ? 'page' : undefined}
              title={`${search.name} · ${t(`nav.list.${search.list}`)}`}
              data-testid={`search-${search.id}`}
              onClick={() => open(search)}
              onKeyDown={(e) => onKeyDown(e, search, at)}
            >
              <Icon name="mark" />
              <span className="el">{search.name}</span>
              <span className="n" data-testid={`count-search-${search.id}`}>
                {upTo(search)}
              </span>
            </button>
            <Drop
              menu={{
                items: [
                  { key: 'rename', label: t('searches.rename') },
                  { key: 'up', label: t('searches.up'), disabled: at === 0 },
                  { key: 'down', label: t('searches.down'), disabled: at === all.length - 1 },
                  { type: 'divider' },
                  { key: 'remove', label: t('searches.remove') },
                ],
                onClick: ({ key }) => run(key, search, at),
              }}
            >
              <button
                type="button"
                className="nvmore"
                aria-label={t('searches.menu', { name: search.name })}
                data-testid={`search-menu-${search.id}`}
              >
                <Icon name="more" small />
              </button>
            </Drop>
          </div>
        );
      })}
      {settled && (
        <RenameDialog
          name={renaming?.name ?? null}
          onCancel={() => setRenaming(null)}
          onName={(name) => {
            setRenaming(null);
            if (renaming !== null && name !== renaming.name) void put(renaming.id, { ...argsOf(renaming), name });
          }}
        />
      )}
    </section>
  );
}
