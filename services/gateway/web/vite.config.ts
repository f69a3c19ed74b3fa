// Flat names under /web/, as the gateway serves them; a name holds the digest of its content.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/web/',
  plugins: [svelte()],
  build: {
    assetsDir: '',
    target: 'es2022',
    modulePreload: { polyfill: false },
    // A chunk of the application never becomes a data: address, which the content security policy refuses.
    assetsInlineLimit: 0,
    emptyOutDir: true,
    reportCompressedSize: false,
  },
});
