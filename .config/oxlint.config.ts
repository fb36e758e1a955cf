import { defineConfig } from 'oxlint';
import { alone, laws } from './laws.mjs';

const pureRooms = laws
  .filter((law) => law.pure)
  .map(({ room }) => (room.endsWith('.ts') ? `**/${room}` : `**/${room}/**`));
const readers = alone.find(({ global }) => global === 'process.env')?.files.map((file) => `**/${file}`) ?? [];

const clock = 'A pure room has no clock: pass the time in.';
const chance = 'A pure room has no randomness: pass the id in.';
const platform = 'A pure room knows nothing of the platform it runs on.';

export default defineConfig({
  plugins: ['typescript', 'import', 'jest', 'unicorn', 'promise', 'oxc'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/consistent-type-imports': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
    'max-lines': ['error', { max: 350 }],
    'no-restricted-properties': [
      'error',
      { object: 'process', property: 'env', message: 'Only the configuration reads the environment.' },
    ],
    'jest/no-focused-tests': 'error',
    'jest/no-disabled-tests': 'error',
    'jest/no-identical-title': 'error',
    // A loop that waits for each step is what a transaction, a queue and a retry are.
    'no-await-in-loop': 'off',
    // Brands, rows of a database and messages of a thread get their type where they enter, in one place each.
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/consistent-return': 'off',
    'import/no-unassigned-import': 'off',
    'import/no-named-as-default-member': 'off',
    'import/no-named-as-default': 'off',
    'oxc/no-map-spread': 'off',
    'typescript/require-array-sort-compare': 'off',
    'jest/no-conditional-expect': 'off',
    'jest/no-standalone-expect': 'off',
    'promise/always-return': 'off',
    'unicorn/require-post-message-target-origin': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'no-unmodified-loop-condition': 'off',
  },
  overrides: [
    {
      files: [...readers, '**/test/**', '*.mjs', '*.cjs', '**/*.mjs', '**/*.cjs'],
      rules: { 'no-restricted-properties': 'off' },
    },
    { files: ['**/test/**'], rules: { 'max-lines-per-function': 'off' } },
    {
      files: pureRooms,
      rules: {
        'no-restricted-properties': [
          'error',
          { object: 'Date', property: 'now', message: clock },
          { object: 'Math', property: 'random', message: chance },
          { object: 'performance', property: 'now', message: clock },
        ],
        'no-restricted-globals': [
          'error',
          ...[
            'process',
            'console',
            'fetch',
            'setTimeout',
            'setInterval',
            'setImmediate',
            'queueMicrotask',
            'crypto',
            'Buffer',
          ].map((name) => ({
            name,
            message: platform,
          })),
        ],
      },
    },
  ],
});
