/** `npm run chaos` is the long form, for a release; the short one runs with every other test. */
export const isLong = process.env['CHAOS'] === 'long';

export const tell = (sentence: string) => {
  if (isLong) process.stderr.write(`${sentence}\n`);
};
