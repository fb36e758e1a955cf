/**
 * The page around the frame: lists every view and state, stands in for the Dashboard, and answers what the frame asks.
 * It holds no data of its own; the backend says which states there are and signs for them.
 */
import { appConstants } from './constants';
import { dashboardOf, statesOf } from './pages';
import type { Calls, Context, Question, Reply } from './protocol';
import { linkTo, type PreviewState, selected, WIDTHS } from './states';

const byId = (id: string) => document.getElementById(id) as HTMLElement;

function contextOf(state: PreviewState): Context {
  const { origin } = window.location;
  return {
    view: state.view,
    fault: state.fault ?? null,
    props: {
      userContext: {
        id: state.user,
        name: 'Preview',
        account: {
          id: state.account,
          name: state.accountName ?? 'Rocket Supplies',
          country: 'US',
          isSandbox: !state.livemode,
        },
        locale: state.locale ?? 'en-US',
        roles: state.roles ?? [{ id: 'admin', name: 'Administrator', type: 'builtIn' }],
      },
      environment: {
        mode: state.livemode ? 'live' : 'test',
        viewportID:
          state.view === 'PaymentDetail' ? 'stripe.dashboard.payment.detail' : 'stripe.dashboard.customer.detail',
        objectContext: {
          id: state.object,
          object: state.object.startsWith('cus_') ? 'customer' : 'payment_intent',
        },
        constants: appConstants(origin),
      },
      appContext: {},
    },
  };
}

async function sign(state: PreviewState, payload: unknown): Promise<string> {
  const response = await fetch('/preview/sign', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ payload, user_id: state.user, account_id: state.account }),
  });
  if (!response.ok) throw new Error(`not signed: ${response.status}`);
  const { signature } = (await response.json()) as { signature: string };
  return signature;
}

let toastTimer = 0;
function toast(message: string): void {
  const line = byId('toast');
  line.textContent = message;
  line.classList.add('shown');
  window.clearTimeout(toastTimer);
  toastTimer = window.setTimeout(() => line.classList.remove('shown'), 4000);
}

function problem(what: string): void {
  const line = byId('problem');
  line.textContent = `The Dashboard wouldn’t draw this: ${[line.dataset.problems, what].filter(Boolean).join(' · ')}`;
  line.dataset.problems = [line.dataset.problems, what].filter(Boolean).join(' · ');
  line.hidden = false;
}

function navigate(states: PreviewState[], route: string, id: string | null): void {
  const there = states.find(({ object, fault }) => object === id && !fault);
  if (there) window.location.assign(linkTo(there));
  else toast(id ? `The Dashboard would open ${id}.` : `The Dashboard would open ${route}.`);
}

type Answers = { [Call in keyof Calls]: (...args: Parameters<Calls[Call]>) => unknown };

/** Answers one frame, and nobody else. */
function answer(frame: HTMLIFrameElement, answers: Answers): void {
  window.addEventListener('message', async ({ source, data }: MessageEvent<Question>) => {
    if (source !== frame.contentWindow || data?.to !== 'blitzrocket-preview') return;
    const reply: Reply = { to: 'blitzrocket-frame', id: data.id };
    try {
      const call = answers[data.call] as (...args: unknown[]) => unknown;
      reply.value = await call(...data.args);
    } catch (error) {
      reply.error = String(error);
    }
    // A sandboxed frame has no origin that could be named.
    frame.contentWindow?.postMessage(reply, '*');
  });
}

function widthField(width: number): void {
  const field = byId('width') as HTMLSelectElement;
  field.append(...WIDTHS.map((px) => new Option(`${px} px`, String(px), px === width, px === width)));
  field.addEventListener('change', () => {
    const url = new URL(window.location.href);
    url.searchParams.set('width', field.value);
    window.location.assign(url);
  });
}

async function start(): Promise<void> {
  const response = await fetch('/preview/states.json');
  const states = (await response.json()) as PreviewState[];
  const { state, width } = selected(states, new URLSearchParams(window.location.search));
  document.title = `${state.title} · BlitzRocket preview`;
  widthField(width);
  byId('states').replaceChildren(...statesOf(states, state, width));
  byId('dashboard').replaceChildren(...dashboardOf(state));

  const frame = document.createElement('iframe');
  frame.title = `BlitzRocket: ${state.title}`;
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.src = '/preview/frame.html';
  answer(frame, {
    context: () => contextOf(state),
    sign: (payload) => sign(state, payload),
    toast,
    navigate: (route, id) => navigate(states, route, id),
    problem,
  });
  byId('drawer').style.width = `${width}px`;
  byId('drawer').replaceChildren(frame);
}

start().catch((error) => problem(String(error)));
