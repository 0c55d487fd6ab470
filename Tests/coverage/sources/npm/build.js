// Two steps of a build, one after the other.
const { execFileSync, execSync } = require('node:child_process');
const { writeFileSync } = require('node:fs');

writeFileSync('out/lines.txt', execSync('seq 5 | sort -r'));
writeFileSync('out/date.txt', execFileSync('date', ['-u', '+%Y']));
