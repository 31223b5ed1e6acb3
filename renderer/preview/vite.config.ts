import { defineConfig, mergeConfig } from 'vite';
import { rendererConfig } from '../vite.config.ts';

const here = decodeURIComponent(new URL('.', import.meta.url).pathname).replace(/^\/(?=[A-Za-z]:)/, '');

/** The screens over a core in memory, under the shell's own policy. For looking at; never shipped. */
const previewConfig = mergeConfig(rendererConfig, defineConfig({ root: here, build: { outDir: '../../out/preview', minify: false } }));

// Vite reads a config's default export only.
export { previewConfig as default };
