// How the page is built: relative addresses (it lives under any prefix), nothing inline (its policy allows no inline code).
import { defineConfig } from 'vite';
import { compress } from './compress.ts';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  build: {
    outDir: '../../dist/ui',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Compressing takes most of it, which is no news.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  plugins: [compress()],
});
