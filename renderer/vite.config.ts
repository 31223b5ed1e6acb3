import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// No node:url here: the renderer's files know no node built-ins, its build among them.
const here = decodeURIComponent(new URL('.', import.meta.url).pathname).replace(/^\/(?=[A-Za-z]:)/, '');

export const rendererConfig = defineConfig({
  root: here,
  base: './',
  plugins: [react()],
  build: {
    outDir: '../out/app/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    // What the first screen needs is one file; what is fetched later is split by where it is needed.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
});

// Vite reads a config's default export only.
export { rendererConfig as default };
