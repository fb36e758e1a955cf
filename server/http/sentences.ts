import type { z } from 'zod';
import type { FailureDetail } from '#shared/failure.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** What is wrong, one line for each field, in words for whoever wrote the request. */
export const detailsOf = (issues: readonly Issue[]): FailureDetail[] => issues.flatMap((issue) => told(issue, []));

function told(issue: Issue, above: Path): FailureDetail[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0 && !isOurs(issue.message)) {
    return nearest(issue.errors).flatMap((inner) => told(inner, path));
  }
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key].join('.'),
      message: `${[...path, key].join('.')} is not a field that is known here`,
    }));
  }
  return [{ path: path.join('.'), message: sentenceOf(issue, path.join('.') || 'the body') }];
}

/** Of the shapes that something may have, the one that it comes closest to: another `kind` is far away. */
function nearest(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const distance = (issues: readonly Issue[]): number =>
    issues.reduce((sum, issue) => {
      if (issue.code === 'invalid_union' && issue.errors.length > 0)
        return sum + Math.min(...issue.errors.map(distance));
      if (issue.code === 'unrecognized_keys') return sum + issue.keys.length;
      return sum + (issue.path.at(-1) === 'kind' || issue.path.length === 0 ? 100 : 1);
    }, 0);
  return branches.toSorted((a, b) => distance(a) - distance(b))[0] ?? [];
}

/** A sentence that a schema of ours gives goes on where the field's name ends. */
const isOurs = (message: string): boolean => message.startsWith('must ');

function sentenceOf(issue: Issue, name: string): string {
  if (issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value')) {
    return `${name} is required`;
  }
  if (issue.message.startsWith(`${name} `)) return issue.message;
  return `${name} ${isOurs(issue.message) ? issue.message : predicateOf(issue)}`;
}

function predicateOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_format':
      return formatOf(issue.format);
    case 'custom':
    case 'invalid_element':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return 'is not as described';
  }
}

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): string {
  if (origin === 'string' || origin === 'array') {
    return minimum === 1 ? 'must not be empty' : `must have at least ${minimum} ${unitOf(origin)}`;
  }
  if (inclusive === false) return Number(minimum) === 0 ? 'must be a positive number' : `must be more than ${minimum}`;
  return `must be at least ${minimum}`;
}

function tooBig({ origin, maximum, inclusive }: z.core.$ZodIssueTooBig): string {
  if (origin === 'string' || origin === 'array') return `must have at most ${maximum} ${unitOf(origin)}`;
  return inclusive === false ? `must be less than ${maximum}` : `must be at most ${maximum}`;
}

const unitOf = (origin: string): string => (origin === 'string' ? 'characters' : 'elements');

function formatOf(format: string): string {
  if (format === 'datetime') return 'must be a time of RFC 3339 in UTC, like 2026-03-01T00:00:00Z';
  if (format === 'url') return 'must be a web address, like https://shop.example/';
  return 'does not have the right form';
}
