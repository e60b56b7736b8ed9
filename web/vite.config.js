// Names without hashes: the server knows its files by name, and a rebuild changes few lines.
export default {
  base: "/",
  build: {
    outDir: "../src/nostoi/app/page/static",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    rollupOptions: {
      output: {
        entryFileNames: "assets/app.js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/app[extname]",
      },
    },
  },
};
