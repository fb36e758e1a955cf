import manifest from '../stripe-app.json';

/** The manifest's constants, with the backend that serves the preview in the place of the published one. */
export const appConstants = (origin: string) => ({
  ...manifest.constants,
  API_BASE: origin + new URL(manifest.constants.API_BASE).pathname,
});
