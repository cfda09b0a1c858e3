import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Files of the contract that do something beyond defining values would be lost here; it has none, and a tree of schemas
 * (gateway messages, OpenAPI) that the console never uses. */
const CONTRACT = resolve(import.meta.dirname, '../../packages/contract/src');

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: resolve(import.meta.dirname, '../../dist/console'),
    emptyOutDir: true,
    target: 'es2023',
    // Every asset is a file of its own: the page's policy allows no data: or inline sources.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      treeshake: { moduleSideEffects: (id) => !id.startsWith(CONTRACT) },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/v1': process.env.SALLYPORT_SERVER_URL ?? 'http://127.0.0.1:8080' },
  },
});
