// Every way that Node has to start a process.
const { exec, execFile, fork, spawn, spawnSync } = require('node:child_process');

if (process.argv[2] === 'forked') {
  process.send('ready');
  process.disconnect();
  process.exitCode = 4;
} else {
  spawnSync('sh', ['-c', 'exit 3']);
  spawnSync('/usr/bin/env', [], { env: {} });
  spawnSync('no-such-program');
  exec('echo one; exit 5', () => {});
  execFile('echo', ['two', ''], () => {});
  fork(__filename, ['forked']);
  spawn('sh', ['-c', 'kill -TERM $$'], { detached: true });
  // It answers, so it has been executed, before it is killed.
  const cat = spawn('cat', { stdio: ['pipe', 'pipe', 'inherit'] });
  cat.stdout.on('data', () => cat.kill('SIGKILL'));
  cat.stdin.write('x');
}
