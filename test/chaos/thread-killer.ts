import type { Worker } from 'node:worker_threads';

// Loaded before a server: SIGUSR2 ends its inbox thread, as running out of memory would.
process.on('worker', (worker: Worker) => {
  process.on('SIGUSR2', () => void worker.terminate());
});
