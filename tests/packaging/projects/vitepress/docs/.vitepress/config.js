export default { vite: { optimizeDeps: { exclude: ["skillmesh"] } } };
