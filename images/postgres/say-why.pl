# Answers every client on Postgres' port with one error of the protocol, which says why there is no database.
# Without this, nobody would answer on the port after a first start that failed, and only the container's log would have the reason.
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

# A client may ask for TLS or GSSAPI first. After "N" it goes on without encryption.
my %ENCRYPTION = (80877103 => 1, 80877104 => 1);
$SIG{PIPE} = 'IGNORE';
my $server = IO::Socket::INET->new(Listen => 64, LocalPort => $port, ReuseAddr => 1) or die "port $port: $!";
while (my $client = $server->accept) {
  eval {
    # A client that connects and sends nothing must not hold up the others.
    local $SIG{ALRM} = sub { die "silent\n" };
    alarm 2;
    while (sysread($client, my $start, 8) == 8) {
      last unless $ENCRYPTION{ (unpack 'NN', $start)[1] };
      syswrite $client, 'N';
    }
    syswrite $client, $error;
    shutdown $client, 1;
    # Reads what the client still sends. The system resets a connection that is closed with unread data, and the client would lose the error.
    1 while sysread $client, my $rest, 8192;
  };
  alarm 0;
  close $client;
}
