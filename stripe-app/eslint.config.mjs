import base from '@stripe/ui-extension-tools/eslint.config.ui-extension.mjs';

/** What the compiler lets through and the Dashboard doesn't draw. */
const undrawable = [
  {
    selector: "JSXOpeningElement[name.name=/^[a-z]/][name.name!='option']",
    message: 'The Dashboard draws components of the SDK only.',
  },
  {
    selector: 'JSXAttribute[name.name=/^aria-/]',
    message: 'No component takes aria props: say it in words.',
  },
  {
    selector:
      "JSXAttribute[name.name='css'] Property > :matches(Literal[raw=/^[0-9.]/], UnaryExpression[argument.raw=/^[0-9.]/]).value",
    message: 'Use a token of the SDK: a number may crash the view in the Dashboard.',
  },
  {
    selector:
      "JSXElement[openingElement.name.name='Button']:not(:has(> JSXText[value=/\\S/])):not(:has(> JSXExpressionContainer))",
    message: 'A button without words has no name.',
  },
];

export default [
  { ignores: ['dist/', 'node_modules/', '**/*.gen.ts'] },
  ...base,
  { settings: { react: { version: '18.3' } } },
  { files: ['src/**/*.{ts,tsx}'], rules: { 'no-restricted-syntax': ['error', ...undrawable] } },
  {
    // The preview host is an ordinary page: it draws HTML.
    files: ['preview/**/*.{ts,tsx}'],
    rules: { 'no-restricted-syntax': 'off', 'react/prop-types': 'off' },
  },
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      'react/prop-types': 'off',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-ignore': true, 'ts-expect-error': true, 'ts-nocheck': true },
      ],
    },
  },
  {
    files: ['scripts/**/*.mjs', '*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
];
