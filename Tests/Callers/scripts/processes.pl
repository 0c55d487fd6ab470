# What Perl does with processes; leaves with status 9.
use strict;
use warnings;
use POSIX ();
use IPC::Open3;
$| = 1;

sub say_status { printf "%s: %d %d\n", $_[0], $? >> 8, $? & 127 }

say_status('system', system('sh', '-c', 'exit 3'));
system('exit 4;'); say_status('system with a shell');
system('kill -9 $$'); say_status('killed');
{ no warnings; my $result = system('no-such-program-anywhere'); print "not found: $result ", $!+0, "\n"; }
print 'backticks: ', `echo one; exit 5`; say_status('backticks');
my @lines = qx(printf 'a\\nb\\n'); print 'lines: ', scalar @lines, "\n";
open(my $from, '-|', 'sh', '-c', 'echo from the child; exit 6') or die;
print 'pipe: ', <$from>; close $from; say_status('closed');
open(my $to, '|-', 'cat; exit 7') or die;
print $to "to the child\n"; close $to; say_status('closed the other');
my $forked = open(my $child, '-|') // die;
if ($forked == 0) { print "from a fork\n"; POSIX::_exit(8) }
print 'fork: ', <$child>; close $child; say_status('closed the fork');
my $pid = fork // die;
if ($pid == 0) { exec {'/bin/sh'} 'another name', '-c', 'exit 9' or POSIX::_exit(99) }
waitpid $pid, 0; say_status('exec');
$pid = fork // die;
if ($pid == 0) { no warnings; exec 'no-such-program-anywhere'; POSIX::_exit($! == 2 ? 10 : 99) }
waitpid $pid, 0; say_status('exec fails');
open(my $plain, '>', 'plain') or die; print $plain "exit 11\n"; close $plain; chmod 0755, 'plain';
system('./plain'); say_status('without a first line');
$pid = open3(my $in, my $out, undef, 'cat'); print $in "through three\n"; close $in;
print 'open3: ', <$out>; waitpid $pid, 0; say_status('open3');
{ local %ENV = (); print 'empty environment: [', `/usr/bin/env`, "]\n"; }
{ local $SIG{CHLD} = 'IGNORE'; my $result = system('exit 12;'); print "ignored: $result\n"; }
print 'wait for nobody: ', wait(), "\n";
exit 9;
