# Answers every client on Postgres' port with one error of the protocol: why there is no database here.
# Without it a first start that fails shows as a port where nobody listens, and the reason in a container's log only.
# Usage: say-why.pl PORT FILE   FILE holds the message
use strict;
use warnings;
use IO::Socket::INET;

my ($port, $file) = @ARGV;
open(my $in, '<', $file) or die "$file: $!";
my $message = join('', <$in>);
$message =~ s/\s+\z//;
my $fields = join('', map { "$_\0" } 'SFATAL', 'VFATAL', 'C58000', "M$message") . "\0";
my $error = 'E' . pack('N', 4 + length $fields) . $fields;

# A client asks for TLS or GSSAPI first, perhaps; "N" makes it go on in plain.
my %ENCRYPTION = (80877103 => 1, 80877104 => 1);
$SIG{PIPE} = 'IGNORE';
my $server = IO::Socket::INET->new(Listen => 64, LocalPort => $port, ReuseAddr => 1) or die "port $port: $!";
while (my $client = $server->accept) {
  eval {
    # One that connects and says nothing must not hold up the others.
    local $SIG{ALRM} = sub { die "silent\n" };
    alarm 2;
    while (sysread($client, my $start, 8) == 8) {
      last unless $ENCRYPTION{ (unpack 'NN', $start)[1] };
      syswrite $client, 'N';
    }
    syswrite $client, $error;
    shutdown $client, 1;
    # What it had still to say is read: a socket closed with data unread is reset, and the error lost.
    1 while sysread $client, my $rest, 8192;
  };
  alarm 0;
  close $client;
}
