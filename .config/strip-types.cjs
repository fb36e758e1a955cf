// Jest can't use Node's own type stripping, so it is handed the same function: line numbers stay exact.
const { stripTypeScriptTypes } = require('node:module');

module.exports = { process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }) };
