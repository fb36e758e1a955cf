import base from '@stripe/ui-extension-tools/jest.config.ui-extension.mjs';

// Dates are written in the reader's time zone; the tests need one reader.
process.env.TZ = 'UTC';

const options = { jsx: 'react-jsx', module: 'commonjs', esModuleInterop: true, isolatedModules: true };

export default {
  ...base,
  testMatch: ['<rootDir>/test/**/*.test.{ts,tsx}'],
  transform: {
    ...base.transform,
    '^.+\\.tsx?$': ['ts-jest', { tsconfig: { ...options, moduleResolution: 'bundler', target: 'es2022' } }],
    // The SDK ships ES modules without saying so in its package.json.
    '/@stripe/ui-extension-sdk/.+\\.js$': ['ts-jest', { tsconfig: { ...options, allowJs: true }, diagnostics: false }],
  },
  transformIgnorePatterns: ['/node_modules/(?!@stripe/ui-extension-sdk/)'],
};
