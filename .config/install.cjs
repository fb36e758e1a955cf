// Runs before `npm start` and `npm test`, with whatever Node the machine has: old syntax on purpose, so that an old Node
// can still say what is wrong. Installs from the lock file when node_modules is missing or older than it.
'use strict';
var childProcess = require('child_process');
var fs = require('fs');
var path = require('path');

var OLDEST_NODE = 20;
var root = path.join(__dirname, '..');
var wantsTests = process.argv.indexOf('--for-tests') >= 0;

function stop(sentence) {
  process.stderr.write(sentence + '\n');
  process.exit(1);
}

var major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_NODE) {
  stop(
    'BlitzRocket needs Node ' +
      OLDEST_NODE +
      ' or newer to install itself; this is ' +
      process.version +
      '. Install one from nodejs.org and run the same command again.',
  );
}
var npm = process.env.npm_execpath;
if (!npm || !/npm-cli\.(c?js)$/.test(npm)) {
  stop('BlitzRocket is started with npm, which comes with Node: run npm start or npm test.');
}

function timeOf(file) {
  return fs.existsSync(file) ? fs.statSync(file).mtimeMs : 0;
}

function install(folder) {
  var installed = timeOf(path.join(folder, 'node_modules', '.package-lock.json'));
  if (installed >= timeOf(path.join(folder, 'package-lock.json')) && installed > 0) return;
  var name = path.relative(root, folder) || 'BlitzRocket';
  process.stderr.write('Installing what ' + name + ' needs, from its lock file (once)…\n');
  var args = [npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'].concat(wantsTests ? ['--include=dev'] : []);
  var result = childProcess.spawnSync(process.execPath, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.status !== 0) {
    stop(
      'Installing failed (see above). BlitzRocket needs the npm registry once; check the network or the proxy settings and run the same command again.',
    );
  }
}

install(root);
if (fs.existsSync(path.join(root, 'stripe-app', 'package-lock.json'))) install(path.join(root, 'stripe-app'));

var node = path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
var version = childProcess.spawnSync(node, ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' });
if (version.status !== 0 || Number(version.stdout.slice(1).split('.')[0]) < 24) {
  stop(
    'The Node 24 that BlitzRocket brings along does not run on this machine (' +
      process.platform +
      ' ' +
      process.arch +
      '). Run it on Linux with glibc, macOS or Windows, on x64 or arm64.',
  );
}
