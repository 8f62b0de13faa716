/** Builds the dashboard into dist/web; in development it hands the API's paths on to a running server. */

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const SERVER = 'http://127.0.0.1:7777';

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: { outDir: '../dist/web', emptyOutDir: true, chunkSizeWarningLimit: 900 },
  server: {
    proxy: { '/graphql': { target: SERVER, ws: true }, '/api': SERVER, '/artifacts': SERVER, '/login': SERVER },
  },
});
