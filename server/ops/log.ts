import pino, { type Logger } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line of JSON for each event. What could carry a secret or a person never gets in, wherever it is put. */
export const createLog = (level: LogLevel): Log =>
  pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: [
        'authorization',
        'secret',
        'key',
        'email',
        'body',
        'headers',
        '*.authorization',
        '*.secret',
        '*.key',
        '*.email',
        '*.body',
      ],
      remove: true,
    },
  });
