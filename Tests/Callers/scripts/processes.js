// What node does with processes; leaves with status 5.
const { spawn, spawnSync, exec, execFileSync } = require('child_process');

const say = (label, value) => console.log(label + ': ' + JSON.stringify(value));
const short = (r) => [r.status, r.signal, String(r.stdout), r.error ? r.error.code : null];

say('spawnSync', short(spawnSync('echo', ['one', 'zwei ü', ''])));
say('status', short(spawnSync('sh', ['-c', 'exit 3'])));
say('signal', short(spawnSync('sh', ['-c', 'kill -9 $$'])));
say('shell', short(spawnSync('echo $((6*7)); exit 4', { shell: true })));
say('not found', short(spawnSync('no-such-program-anywhere')));
say('input', short(spawnSync('cat', { input: 'to cat' })));
say('empty environment', short(spawnSync('/usr/bin/env', { env: {} })));
say('argv0', short(spawnSync('sh', ['-c', 'echo $0'], { argv0: 'another name' })));
say('execFileSync', String(execFileSync('printf', ['%s', 'x'])));

const ended = (child) =>
  new Promise((resolve) => {
    child.on('error', (error) => resolve([error.code]));
    child.on('exit', (code, signal) => resolve([code, signal]));
  });

(async () => {
  say('spawn', await ended(spawn('sh', ['-c', 'exit 6'])));
  say('spawn fails', await ended(spawn('/nonexistent/program')));
  const sleeping = spawn('sleep', ['1000'], { detached: true });
  sleeping.kill('SIGTERM');
  say('killed', await ended(sleeping));
  say('exec', await new Promise((resolve) => exec('echo from exec; exit 7',
    (error, stdout) => resolve([error.code, stdout]))));
  const numbers = [...Array(8).keys()];
  const all = await Promise.all(numbers.map((n) => ended(spawn('sh', ['-c', 'exit ' + (20 + n)]))));
  say('at once', all.map((result) => result[0]));
  process.exitCode = 5;
})();
