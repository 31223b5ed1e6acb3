/** Ref for what stands at the bottom of the panel: the corner popup stands above it, whatever height it has. */
export function underPopup(el: HTMLElement | null): () => void {
  if (el === null) return () => {};
  const { style } = document.documentElement;
  const watch = new ResizeObserver(() => style.setProperty('--h-composer', `${el.offsetHeight}px`));
  watch.observe(el);
  return () => {
    watch.disconnect();
    style.removeProperty('--h-composer');
  };
}
