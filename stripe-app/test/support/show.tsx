import type { ExtensionContextValue } from '@stripe/ui-extension-sdk/context';
import { getMockContextProps, render } from '@stripe/ui-extension-sdk/testing';
import { type RemoteRoot, render as remoteRender } from '@remote-ui/react';
import type { ComponentType } from 'react';
import { type Answer, backend, dashboard } from './backend';
import { nodesOf, ofType, textOf } from './fragments';

type Page = {
  object?: string;
  mode?: 'live' | 'test';
  roles?: ExtensionContextValue['userContext']['roles'];
};
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Opens a view on a page of the Dashboard, against a real server that gives these answers. */
export async function show(View: ComponentType<ExtensionContextValue>, answers: Answer[], page: Page = {}) {
  const host = dashboard();
  const { apiBase, received, stop } = await backend(...answers);
  const context = getMockContextProps({
    userContext: { roles: page.roles },
    environment: {
      mode: page.mode ?? 'test',
      objectContext: { id: page.object ?? 'pi_1', object: 'payment_intent' },
      constants: { API_BASE: apiBase },
    },
  });
  const { wrapper, update } = render(<View {...context} />);
  // Effects run after the first drawing: the question is under way before the test goes on.
  await update();
  stops.push(async () => {
    // The SDK's own unmount leaves effects and their timers running.
    remoteRender(<></>, wrapper.instance as unknown as RemoteRoot);
    await stop();
  });

  const root = () => wrapper.instance as unknown as Parameters<typeof nodesOf>[0];
  const text = () => textOf(root());
  const all = (type: string) => ofType(root(), type);
  /** Until these words are on screen; a view that never says them fails with what it says instead. */
  const until = async (words: string) => {
    for (let tries = 0; tries < 200 && !text().includes(words); tries += 1) await update();
    expect(text()).toContain(words);
  };
  const press = async (label: string) => {
    const pressed = [...all('Button'), ...all('Link')].find((node) => textOf(node) === label);
    if (!pressed) throw new Error(`nothing says ${label} in:\n${text()}`);
    (pressed.props?.['onPress'] as () => void)();
    await update();
  };
  const title = () => String(all('ContextView')[0]?.props?.['title']).replace(/[\u2068\u2069]/g, '');
  const labels = (type: string) => all(type).map((node) => textOf(node));
  return { text, all, until, press, title, labels, update, received, ...host };
}
