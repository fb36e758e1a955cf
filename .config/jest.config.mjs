export default {
  rootDir: '..',
  roots: ['<rootDir>/test'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/.config/strip-types.cjs' },
  globalSetup: '<rootDir>/.config/postgres.mjs',
  globalTeardown: '<rootDir>/.config/postgres-stop.mjs',
  testTimeout: 60_000,
  randomize: true,
};
