import pg from 'pg';
import { isUnavailable } from '#server/store/postgres.ts';

const system = (code: string) => Object.assign(new Error(`write ${code}`), { code });
function answer(code: string): Error {
  const error = new pg.DatabaseError('an answer of the server', 0, 'error');
  error.code = code;
  return error;
}

describe('an error of PostgreSQL', () => {
  it.each([
    { what: 'nobody listens', error: system('ECONNREFUSED') },
    { what: 'a broken pipe, whose code has five characters like an SQLSTATE', error: system('EPIPE') },
    { what: 'a connection that ended', error: new Error('Connection terminated unexpectedly') },
    { what: 'no answer', error: new Error('Query read timeout') },
    { what: 'a shutdown', error: answer('57P01') },
    { what: 'a full disk', error: answer('53100') },
    { what: 'a transaction that idled too long', error: answer('25P03') },
    { what: 'a deadlock', error: answer('40P01') },
  ])('passes by itself where it is $what', ({ error }) => {
    expect(isUnavailable(error)).toBe(true);
  });

  it.each([
    { what: 'a key that is taken', error: answer('23505') },
    { what: 'an unknown table', error: answer('42P01') },
    { what: 'an error of ours', error: new Error('no column fact.colour') },
    { what: 'no error at all', error: 'text' },
  ])('does not pass where it is $what', ({ error }) => {
    expect(isUnavailable(error)).toBe(false);
  });
});
