# Runs one command and says on file descriptor 3, as a line of JSON, what all of it took: wall time, and the processor time
# and peak memory that the kernel accounted to exactly this child (wait4). In Perl because Node cannot ask for the latter,
# because perl-base is on every Debian, and because a small parent adds nothing to its child's peak memory.
# Arguments: STDOUT ROWS COMMAND... STDOUT is null, pass (the caller reads it) or pipe (it is read here, and the line
# that ends it says how many bytes and lines came, and when the ROWS-th line was there). SIGINT goes on to the
# command; SIGTERM kills it.
use strict;
use warnings;
use Config;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my ($stdout, $rows, @command) = @ARGV;
# Numbers of system calls.
my %calls = (
  x86_64  => { wait4 => 61,  prctl => 157 },
  aarch64 => { wait4 => 260, prctl => 167 },
);
my ($machine) = $Config{archname} =~ /^([^-]+)/;
my $call = $calls{$machine} or die "launcher: the numbers of system calls of $machine are not known\n";
my $eintr = 4;
# Whoever starts a process takes it along when it ends, however it ends.
sub end_with_parent { syscall($call->{prctl}, 1, 9, 0, 0, 0); }
end_with_parent();

open(my $report, '>&=', 3) or die "launcher: nobody listens on file descriptor 3: $!\n";
open(my $null, '>', '/dev/null') or die "launcher: /dev/null: $!\n";
my ($reader, $writer);
if ($stdout eq 'pipe') {
  pipe($reader, $writer) or die "launcher: pipe: $!\n";
}

my $started = clock_gettime(CLOCK_MONOTONIC);
my $pid = fork();
die "launcher: fork: $!\n" unless defined $pid;
if ($pid == 0) {
  end_with_parent();
  open(STDOUT, '>&', $writer) if $stdout eq 'pipe';
  open(STDOUT, '>&', $null) if $stdout eq 'null';
  { no warnings 'exec'; exec { $command[0] } @command; }
  print STDERR "launcher: $command[0]: $!\n";
  exit 127;
}
$SIG{INT} = sub { kill 'INT', $pid };
$SIG{TERM} = sub { kill 'KILL', $pid };

my ($bytes, $lines, $first) = (0, 0, undef);
if ($stdout eq 'pipe') {
  close $writer;
  my $piece;
  while (1) {
    my $got = sysread($reader, $piece, 1 << 20);
    if (!defined $got) { next if $! == $eintr; die "launcher: read: $!\n"; }
    last if $got == 0;
    $bytes += $got;
    $lines += ($piece =~ tr/\n//);
    $first = clock_gettime(CLOCK_MONOTONIC) - $started if !defined $first && $lines >= $rows;
  }
}
my ($status, $usage) = (pack('i', 0), "\0" x 144);
until ((my $got = syscall($call->{wait4}, $pid, $status, 0, $usage)) == $pid) {
  die "launcher: wait4: $!\n" if $! != $eintr;
}
my $wall = clock_gettime(CLOCK_MONOTONIC) - $started;
my ($us, $uu, $ss, $su, $peak) = unpack('q5', $usage);
my $code = unpack('i', $status);
printf {$report} '{"wallMs":%.3f,"userMs":%.3f,"systemMs":%.3f,"peakKb":%d,"exitCode":%d,"signal":%d,"bytes":%d,"lines":%d,"firstRowMs":%s}' . "\n",
  $wall * 1e3, $us * 1e3 + $uu / 1e3, $ss * 1e3 + $su / 1e3, $peak, $code >> 8, $code & 127, $bytes, $lines,
  defined $first ? sprintf('%.3f', $first * 1e3) : 'null';
